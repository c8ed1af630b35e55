//! Bad arguments, `--help` and `--version`.

use std::process::ExitCode;

use super::output::complain;

/// Prints the help or, on one line, what is wrong with the arguments. The exit code is 0 or 1, not
/// clap's 2, which `check` uses for a warning.
pub fn explain(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Nothing can be done if standard output is closed.
        _ = error.print();
        return ExitCode::SUCCESS;
    }
    complain!(
        "server: {}; see --help",
        first_paragraph(&error.to_string())
    );
    ExitCode::FAILURE
}

fn first_paragraph(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let paragraph = text.split("\n\n").next().unwrap_or(text);
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    words.join(" ")
}
