//! What the tests that cross crates stand on: emulators of AWS, OpenAPI validators, the package
//! that bluegate succeeds, and an HTTP client that sends what it is told.
//!
//! Everything listens on free loopback ports, and everything a test starts ends with it: on return,
//! on a panic, and when the test process is killed (see [`guard`]). Python packages and npm packages
//! are installed once into the [emulator folder](place::emulators), at the versions of
//! `tests/emulators/`.
//!
//! A machine needs Python 3.11 or newer and a way to reach its package registries; Node.js is
//! used when it is there.
#![deny(missing_docs)]

pub mod binaries;
pub mod bookshop;
#[cfg(feature = "browser")]
pub mod browser;
pub mod control;
pub mod deploy;
pub mod echo;
pub mod error;
pub mod golden;
pub mod guard;
pub mod http;
pub mod install;
pub mod local;
pub mod localstack;
pub mod moto;
pub mod node;
pub mod original;
pub mod place;
pub mod proxy;
pub mod python;
pub mod routes_files;
pub mod schemathesis;
pub mod validators;

pub use error::HarnessError;
