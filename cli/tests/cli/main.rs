//! The behaviour of the built binary, without AWS: what it prints, what it leaves, how it ends.

mod answering_server;
mod aws_failures;
mod broken_files;
mod command_line;
mod data;
#[cfg(unix)]
mod output_files;
mod project;
mod secrets;
mod starter;
