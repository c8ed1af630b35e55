//! Standard output and standard error, which may be closed or on a full disk.
//!
//! `println!` would panic then, and leave undone what was to be said only afterwards.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write, stderr, stdout};
use std::sync::OnceLock;

/// Why something could not be written, the first time.
static FAILED: OnceLock<std::io::Error> = OnceLock::new();

/// Writes a text; see [`failure`] for what becomes of one that cannot be written.
pub fn write(text: Arguments<'_>) {
    let mut stdout = stdout().lock();
    let written = stdout.write_fmt(text).and_then(|()| stdout.flush());
    if let Err(error) = written {
        let _ = FAILED.set(error);
    }
}

/// Why something was not written. A pipe that its reader has closed is no failure.
pub fn failure() -> Option<&'static std::io::Error> {
    FAILED
        .get()
        .filter(|error| error.kind() != ErrorKind::BrokenPipe)
}

/// `println!` that does not panic.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::cli::output::write(format_args!("{}\n", format_args!($($text)*)))
    };
}
pub(super) use say;

/// `eprintln!` that does not panic.
macro_rules! complain {
    ($($text:tt)*) => {
        $crate::cli::output::write_error(format_args!($($text)*))
    };
}
pub(super) use complain;

/// Writes a line to standard error, if it can be written.
pub fn write_error(line: Arguments<'_>) {
    let _ = writeln!(stderr(), "{line}");
}
