//! Programs that are told to stop, as by Ctrl-C.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bluegate_tests::binaries::{Profile, Program};
use bluegate_tests::guard::Guarded;
use bluegate_tests::http;

/// The program and its arguments are the script's. It tells the program's process, how it ended, and what is left in
/// the folder for temporary files, which is the working directory; what others remove there may take a moment.
const WATCH: &str = r#"
"$@" &
echo "process $!"
wait $!
echo "status $?"
for moment in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    test -z "$(ls -A)" && break
    sleep 1
done
echo "left: $(ls -A)"
"#;

/// A program that can be sent a signal.
pub(crate) struct Watched {
    pub(crate) output: Guarded,
    process: String,
}

impl Watched {
    pub(crate) fn start(program: &Path) -> Watched {
        let mut command = Command::new("sh");
        command.args(["-c", WATCH, "sh"]).arg(program);
        command.env("BOOKSHOP_ADDR", "127.0.0.1:0");
        // What it would build is there.
        command.env("BLUEGATE_BIN_DIR", program.parent().expect("a folder"));
        let mut output = Guarded::start("a program", &command).expect("a process");
        let process = output
            .wait_for_line("process ", Duration::from_secs(60))
            .expect("its number");
        Watched { output, process }
    }

    /// Sends a signal, and waits for the end: the exit status and the names of files that are left.
    pub(crate) fn end(&mut self, signal: &str) -> (String, String) {
        let sent = Command::new("kill")
            .args([signal, &self.process])
            .status()
            .expect("kill");
        assert!(sent.success());
        let mut line = |prefix| {
            self.output
                .wait_for_line(prefix, Duration::from_secs(120))
                .unwrap_or_else(|error| panic!("{error}"))
        };
        (line("status "), line("left:"))
    }
}

#[test]
fn the_bookshop_stops_when_told_to() {
    let program = Program::Bookshop.build(Profile::Dev).expect("the bookshop");
    for signal in ["-INT", "-TERM"] {
        let mut bookshop = Watched::start(&program);
        let url = bookshop
            .output
            .wait_for_line("listening on ", Duration::from_secs(60))
            .expect("a URL");
        assert_eq!(http::get(&format!("{url}/api/books/1")).expect("an answer").status, 200);
        assert_eq!(bookshop.end(signal), ("0".to_owned(), String::new()), "{signal}");
        let log = bookshop.output.printed();
        assert!(log.contains("stopped"), "{log}");
        assert!(http::get(&url).is_err());
    }
}
