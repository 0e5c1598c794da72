//! From a value to a [`Tree`] of it.

use std::cell::RefCell;

use serde::ser::{self, Serialize};

use super::{Scalar, Tree, quote};

/// Makes a [`Tree`] of a value.
#[derive(Clone, Copy)]
pub(super) struct Builder<'a> {
    pub(super) scalars: &'a RefCell<String>,
}

impl Builder<'_> {
    /// Keeps a scalar that is written as it is.
    fn keep(self, write: impl FnOnce(&mut String)) -> Scalar {
        let mut scalars = self.scalars.borrow_mut();
        let start = scalars.len();
        write(&mut scalars);
        Scalar {
            start,
            end: scalars.len(),
        }
    }
}

/// Serialising fails for keys that are no text, and for what documents do not hold.
#[derive(Debug)]
pub(in crate::openapi) struct Error(String);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

fn unsupported<T>(what: &str) -> Result<T, Error> {
    Err(Error(format!("documents hold no {what}")))
}

pub(super) struct List<'a> {
    builder: Builder<'a>,
    items: Vec<Tree>,
}

pub(super) struct Entries<'a> {
    builder: Builder<'a>,
    entries: Vec<(Scalar, Tree)>,
    key: Option<Scalar>,
}

macro_rules! plain {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<Tree, Error> {
            Ok(Tree::Scalar(self.keep(|out| out.push_str(&value.to_string()))))
        })*
    };
}

impl<'a> ser::Serializer for Builder<'a> {
    type Ok = Tree;
    type Error = Error;
    type SerializeSeq = List<'a>;
    type SerializeTuple = ser::Impossible<Tree, Error>;
    type SerializeTupleStruct = ser::Impossible<Tree, Error>;
    type SerializeTupleVariant = ser::Impossible<Tree, Error>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Entries<'a>;
    type SerializeStructVariant = ser::Impossible<Tree, Error>;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    fn serialize_f32(self, value: f32) -> Result<Tree, Error> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<Tree, Error> {
        // The debug form keeps the point, which YAML 1.1 needs to see a number.
        Ok(Tree::Scalar(self.keep(|out| out.push_str(&format!("{value:?}")))))
    }

    fn serialize_char(self, value: char) -> Result<Tree, Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Tree, Error> {
        Ok(Tree::Scalar(self.keep(|out| quote(value, out))))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Tree, Error> {
        unsupported("bytes")
    }

    fn serialize_none(self) -> Result<Tree, Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Tree, Error> {
        Ok(Tree::Scalar(self.keep(|out| out.push_str("null"))))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Tree, Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Tree, Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Tree, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Tree, Error> {
        unsupported("variants with values")
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List<'a>, Error> {
        Ok(List {
            builder: self,
            items: Vec::with_capacity(length.unwrap_or(0)),
        })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        unsupported("tuples")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        unsupported("tuples")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unsupported("variants with values")
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Entries<'a>, Error> {
        Ok(Entries {
            builder: self,
            entries: Vec::with_capacity(length.unwrap_or(0)),
            key: None,
        })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Entries<'a>, Error> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        unsupported("variants with values")
    }
}

impl ser::SerializeSeq for List<'_> {
    type Ok = Tree;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.items.push(value.serialize(self.builder)?);
        Ok(())
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::List(self.items))
    }
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = Tree;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        match key.serialize(self.builder)? {
            Tree::Scalar(key) => {
                self.key = Some(key);
                Ok(())
            }
            Tree::List(_) | Tree::Map(_) => unsupported("keys that are no text"),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let value = value.serialize(self.builder)?;
        let key = self
            .key
            .take()
            .ok_or_else(|| Error("a value came before its key".to_owned()))?;
        self.entries.push((key, value));
        Ok(())
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::Map(self.entries))
    }
}

impl ser::SerializeStruct for Entries<'_> {
    type Ok = Tree;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        let key = self.builder.keep(|out| quote(key, out));
        self.entries.push((key, value.serialize(self.builder)?));
        Ok(())
    }

    fn end(self) -> Result<Tree, Error> {
        Ok(Tree::Map(self.entries))
    }
}
