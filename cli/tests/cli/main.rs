//! The behaviour of the built binary: what it prints, what it leaves, how it ends.
//!
//! Only `localstack` and `moto` need emulators; the rest runs without a network.

mod adopt;
mod answering_server;
mod aws_failures;
mod broken_files;
mod command_line;
mod credentials;
mod data;
mod default_files;
mod deploy_page;
mod dev;
// How the tests of the core read documents.
#[allow(dead_code)]
#[path = "../../../core/tests/corpus/document.rs"]
mod document;
mod emulators;
mod faults;
mod iam_policy;
mod import;
#[cfg(unix)]
mod interrupts;
mod local;
mod localstack;
mod moto;
mod operate;
#[cfg(unix)]
mod output_files;
mod project;
mod secrets;
mod starter;
#[cfg(unix)]
mod terminal;
mod types;
mod variables;
