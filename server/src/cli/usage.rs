//! Arguments that cannot be used.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Prints why there is nothing to run, and gives the exit code: 0 for `--help` and `--version`,
/// 1 and one line for a value that cannot be used, as for one in the environment; 2 and clap's own
/// text, which shows the usage, for everything else.
pub fn refused(error: &clap::Error) -> ExitCode {
    if let Some(line) = bad_value(error) {
        eprintln!("server: {line}");
        return ExitCode::FAILURE;
    }
    // To a closed output there is nothing to say.
    _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// "invalid value '2026-13' for '--month': expected a month like 2026-11".
fn bad_value(error: &clap::Error) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    if error.kind() != ErrorKind::ValueValidation {
        return None;
    }
    // Escaped, because whatever the value holds, this is one line.
    let value = text(ContextKind::InvalidValue)?.escape_debug();
    // "--month <YYYY-MM>": the name is enough.
    let argument = text(ContextKind::InvalidArg)?.split(' ').next()?;
    let cause = std::error::Error::source(error)?;
    Some(format!("invalid value '{value}' for '{argument}': {cause}"))
}
