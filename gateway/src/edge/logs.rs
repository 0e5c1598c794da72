//! The logs of all stages.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::plane::{Exchange, event};

/// `access.log` and `execution.log` in a folder.
#[derive(Debug)]
pub(super) struct Logs {
    access: Mutex<File>,
    execution: Mutex<File>,
}

impl Logs {
    pub(super) fn open(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let open = |name: &str| {
            OpenOptions::new()
                .append(true)
                .create(true)
                .open(folder.join(name))
                .map(Mutex::new)
        };
        Ok(Self {
            access: open("access.log")?,
            execution: open("execution.log")?,
        })
    }

    /// A line of the stage's access log, if it has one, and what happened. That a log cannot be written is no reason
    /// to answer nothing.
    pub(super) fn write(&self, exchange: &Exchange<'_>, line: Option<&str>) {
        if let Some(line) = line {
            let _ = writeln!(self.access.lock().unwrap_or_else(PoisonError::into_inner), "{line}");
        }
        let id = exchange.request_id();
        let lines: String = exchange
            .execution_log()
            .iter()
            .map(|line| event(&id, line) + "\n")
            .collect();
        let _ = self
            .execution
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(lines.as_bytes());
    }
}
