//! The `.env` file.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use super::ConfigError;

const NAME: &str = ".env";
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The variables of the `.env` file in the working directory or in the nearest folder above it;
/// none if there is no such file. The first value of a variable counts. A `$` outside single quotes
/// begins the name of another variable.
pub(super) fn read() -> Result<HashMap<String, String>, ConfigError> {
    let failed = |path: &Path, problem: String| ConfigError::File {
        path: path.to_owned(),
        problem,
    };
    let here = std::env::current_dir().map_err(|error| failed(NAME.as_ref(), error.to_string()))?;
    let Some(path) = here
        .ancestors()
        .map(|folder| folder.join(NAME))
        .find(|path| path.is_file())
    else {
        return Ok(HashMap::new());
    };
    let content = fs::read_to_string(&path).map_err(|error| failed(&path, error.to_string()))?;
    parse(&content).map_err(|problem| failed(&path, problem))
}

/// The variables in `content`. The error does not quote it: it may contain secrets.
fn parse(content: &str) -> Result<HashMap<String, String>, String> {
    let content = content.trim_start_matches(BYTE_ORDER_MARK);
    let mut variables = HashMap::new();
    for entry in dotenvy::from_read_iter(content.as_bytes()) {
        match entry {
            Ok((name, value)) => {
                variables.entry(name).or_insert(value);
            }
            Err(error) => {
                let line = match error {
                    dotenvy::Error::LineParse(entry, _) => line_of(content, &entry),
                    _ => None,
                };
                let place = line.map_or_else(String::new, |line| format!(" on line {line}"));
                return Err(format!(
                    "syntax error{place}: expected NAME=value, with single quotes around a value \
                     that contains spaces, quotes, $ or #"
                ));
            }
        }
    }
    Ok(variables)
}

/// The number of the line where `entry` begins. The parser gives the value alone or all of the entry,
/// which extends to the end of the file if a quote is open.
fn line_of(content: &str, entry: &str) -> Option<usize> {
    let first = entry.lines().next()?;
    let mut lines = content.lines();
    let found = lines.position(|line| line.ends_with(first) && !line.trim_start().starts_with('#'));
    found.map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(content: &str, name: &str) -> Option<String> {
        parse(content).expect("variables").remove(name)
    }

    #[test]
    fn a_byte_order_mark_does_not_matter() {
        for content in [
            "A=1\nB='two words' # why\n",
            "\u{feff}A=1\r\nB=\"two words\"",
        ] {
            assert_eq!(variable(content, "A").as_deref(), Some("1"));
            assert_eq!(variable(content, "B").as_deref(), Some("two words"));
        }
        assert_eq!(variable("", "A"), None);
    }

    #[test]
    fn the_first_value_counts() {
        assert_eq!(variable("A=1\nA=2\n", "A").as_deref(), Some("1"));
    }

    #[test]
    fn an_error_names_the_line_and_does_not_quote_it() {
        for (content, line) in [
            ("hunter2 hunter2", 1),
            ("A=1\n# why\n\nP=hunter2 hunter2\nB=2", 4),
            ("A=1\r\nP='hunter2\nB=2\nC=3\n", 2),
            ("A=1\nP=\"hunter2\nB=2", 2),
            ("A='1\n2\n3'\nP=hun\\ter2", 4),
            ("A='1\n2\n3' hunter2\nB=2", 1),
        ] {
            let problem = parse(content).unwrap_err();
            let start = format!("syntax error on line {line}: ");
            assert!(problem.starts_with(&start), "{content}: {problem}");
            assert!(!problem.contains("hun"), "{problem}");
        }
    }
}
