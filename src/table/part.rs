//! Slices that are cut when they are read.

/// Some elements of a slice.
///
/// To cut a slice is one of the slowest things that a constant can do, because the compiler walks through every call
/// behind it, and then looks at the elements once more for every other slice of them.
#[derive(Debug)]
pub struct Part<T: 'static> {
    /// The slice.
    pub(crate) of: &'static [T],
    /// The first element of the part.
    pub(crate) start: usize,
    /// The element behind the last one.
    pub(crate) end: usize,
}

impl<T> Clone for Part<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Part<T> {}

impl<T> Part<T> {
    pub(crate) const fn new(of: &'static [T], start: usize, length: usize) -> Self {
        let end = start + length;
        Part { of, start, end }
    }

    /// All of a slice.
    #[cfg(test)]
    pub(crate) const fn all(of: &'static [T]) -> Self {
        Part::new(of, 0, of.len())
    }

    /// The elements.
    pub(crate) const fn get(self) -> &'static [T] {
        self.of.split_at(self.end).0.split_at(self.start).1
    }
}

#[cfg(test)]
mod tests;
