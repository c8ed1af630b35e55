//! Arguments that cannot be used.

use std::process::ExitCode;

use super::output::complain;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Prints why there is nothing to run, and gives the exit code: 0 for `--help` and `--version`,
/// else 1, since clap's 2 is what `check` warns with. A value that cannot be used, as one in the
/// environment, and arguments that cannot be given together or twice are one line; everything else
/// is clap's own text, which shows the usage.
pub fn refused(error: &clap::Error) -> ExitCode {
    if let Some(line) = bad_value(error).or_else(|| in_the_way(error)) {
        complain!("server: {line}");
        return ExitCode::FAILURE;
    }
    // To a closed output there is nothing to say.
    _ = error.print();
    ExitCode::from(u8::from(error.use_stderr()))
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

/// "the argument '--month' cannot be given together with '--month'".
fn in_the_way(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::ArgumentConflict {
        return None;
    }
    let name = |kind| {
        let text = match error.get(kind)? {
            ContextValue::String(text) => text,
            ContextValue::Strings(texts) => texts.first()?,
            _ => return None,
        };
        text.split(' ').next()
    };
    let (argument, other) = (name(ContextKind::InvalidArg)?, name(ContextKind::PriorArg)?);
    Some(match argument == other {
        true => format!("'{argument}' can be given only once"),
        false => format!("'{argument}' cannot be given together with '{other}'"),
    })
}
