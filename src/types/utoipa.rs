//! Schemas of types that utoipa knows.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::reference::{REFERENCE, map_references};

/// The schema of a type. Those that it refers to become models.
pub(super) fn schema<T: ToSchema>(generator: &mut SchemaGenerator) -> Schema {
    let mut referred = Vec::new();
    T::schemas(&mut referred);
    for (name, schema) in referred {
        let schema = plain(&serde_json::to_value(schema).unwrap_or_default());
        generator.definitions_mut().entry(name).or_insert(schema);
    }
    let schema = plain(&serde_json::to_value(T::schema()).unwrap_or_default());
    let has_name = ["properties", "enum", "oneOf", "allOf"]
        .iter()
        .any(|key| schema.get(key).is_some());
    let schema = if has_name {
        let name = T::name().into_owned();
        let reference = json!({"$ref": format!("{REFERENCE}{name}")});
        generator.definitions_mut().insert(name, schema);
        reference
    } else {
        schema
    };
    Schema::try_from(schema).unwrap_or_default()
}

fn plain(schema: &Value) -> Value {
    map_references(schema, "#/components/schemas/", &str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use utoipa::openapi::{ObjectBuilder, Ref, RefOr};
    use utoipa::{PartialSchema, openapi};

    use super::*;
    use crate::types::models::{Model, Schemas, Side};

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only what it takes matters")]
    struct Book {
        genre: Genre,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Genre {
        Fiction,
        Poetry,
    }

    impl PartialSchema for Genre {
        fn schema() -> RefOr<openapi::Schema> {
            ObjectBuilder::new().enum_values(Some(["fiction"])).build().into()
        }
    }

    impl ToSchema for Genre {}

    impl PartialSchema for Book {
        fn schema() -> RefOr<openapi::Schema> {
            let genre = Ref::from_schema_name("Genre");
            ObjectBuilder::new()
                .property("genre", genre)
                .required("genre")
                .build()
                .into()
        }
    }

    impl ToSchema for Book {
        fn schemas(schemas: &mut Vec<(String, RefOr<openapi::Schema>)>) {
            schemas.push(("Genre".to_owned(), Genre::schema()));
        }
    }

    #[test]
    fn a_type_and_those_that_it_refers_to_are_models() {
        let mut schemas = Schemas::of(Side::Taken);
        let schema = schemas.add(Model::of_utoipa::<Book>());
        assert_eq!(schema, json!({"$ref": "#/models/Book"}));
        let models = schemas.models();
        assert_eq!(models["Book"]["properties"]["genre"], json!({"$ref": "#/models/Genre"}));
        assert_eq!(models["Genre"]["enum"], json!(["fiction"]));
    }

    #[test]
    fn a_type_that_utoipa_tells_of_is_tried_as_far_as_it_can_be_read() {
        use crate::types::{Tell5 as _, Tell6 as _, contents};
        struct Closed;
        impl PartialSchema for Closed {
            fn schema() -> RefOr<openapi::Schema> {
                ObjectBuilder::new().build().into()
            }
        }
        impl ToSchema for Closed {}

        let read = (&&contents::<Book>()).bluegate_model().model.unwrap().read.unwrap();
        assert!((read.value)(&json!({"genre": "poetry"}), false).is_ok());
        assert!((read.value)(&json!({"genre": "prose"}), false).is_err());
        assert_eq!((read.names)(&json!({"genre": "poetry"}))[""], ["genre"]);
        let closed = (&contents::<Closed>()).bluegate_model().model.unwrap();
        assert!(closed.read.is_none());
    }
}
