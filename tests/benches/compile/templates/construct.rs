//! How long the start takes: the router is built many times, and the fastest counts.

use std::time::{Duration, Instant};

const LONGEST: Duration = Duration::from_secs(2);

/// Whether only the time of the start is wanted.
pub fn is_asked() -> bool {
    std::env::args().any(|argument| argument == "--construct")
}

/// Prints the nanoseconds of the fastest of many constructions.
pub fn measure<T>(build: impl Fn() -> T) {
    let (start, mut fastest) = (Instant::now(), Duration::MAX);
    while start.elapsed() < LONGEST {
        let before = Instant::now();
        let built = build();
        fastest = fastest.min(before.elapsed());
        drop(std::hint::black_box(built));
    }
    println!("{}", fastest.as_nanos());
}
