//! Whoever sits at the terminal: `r` and Enter.

use std::io::{self, IsTerminal as _};
use std::thread;

use tokio::sync::mpsc::{self, UnboundedReceiver};

/// Gets something whenever somebody types `r` and Enter. Without a terminal nobody does.
pub(super) fn restarts() -> UnboundedReceiver<()> {
    let (sender, receiver) = mpsc::unbounded_channel();
    if io::stdin().is_terminal() {
        // A thread of its own, which nobody waits for in the end.
        thread::spawn(move || {
            while let Some(line) = line() {
                if line.trim() == "r" && sender.send(()).is_err() {
                    break;
                }
            }
        });
    }
    receiver
}

/// The next line. A process in the background that reads from its terminal is stopped: it waits until it is in front.
fn line() -> Option<String> {
    #[cfg(unix)]
    wait_for_line();
    let mut line = String::new();
    let length = io::stdin().read_line(&mut line).ok()?;
    (length > 0).then_some(line)
}

#[cfg(unix)]
fn wait_for_line() {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let a_moment = Timespec {
        tv_sec: 0,
        tv_nsec: 200_000_000,
    };
    let stdin = io::stdin();
    let is_in_front = || rustix::termios::tcgetpgrp(&stdin).is_ok_and(|group| group == rustix::process::getpgrp());
    loop {
        let mut terminal = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut terminal, Some(&a_moment)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            // Something is there, the end of the terminal too.
            Ok(_) if is_in_front() => return,
            Ok(_) => thread::sleep(std::time::Duration::from_millis(200)),
            Err(_) => return,
        }
    }
}
