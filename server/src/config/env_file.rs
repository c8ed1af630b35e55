//! The `.env` file.

use std::cell::Cell;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::ConfigError;

const NAME: &str = ".env";
/// Some editors begin a file with it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The variables of the `.env` file in the working directory or the nearest folder above it; none
/// without such a file. Of several values of one variable the first counts. A `$` begins the name
/// of another variable, except in single quotes.
pub(super) fn read() -> Result<HashMap<String, String>, ConfigError> {
    let failed = |path: &Path, error: io::Error| ConfigError::File {
        path: path.to_owned(),
        problem: error.to_string(),
    };
    let here = std::env::current_dir().map_err(|error| failed(Path::new(NAME), error))?;
    for folder in here.ancestors() {
        let path = folder.join(NAME);
        match fs::metadata(&path) {
            Ok(found) if found.is_file() => {
                let content = fs::read(&path).map_err(|error| failed(&path, error))?;
                return parse(&content).map_err(|problem| ConfigError::File { path, problem });
            }
            // A folder of that name is somebody else's.
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&path, error)),
        }
    }
    Ok(HashMap::new())
}

/// The variables in `content`, or what is wrong with it: without a word of it, for it may hold
/// secrets.
fn parse(content: &[u8]) -> Result<HashMap<String, String>, String> {
    let content = content.strip_prefix(BYTE_ORDER_MARK).unwrap_or(content);
    if let Err(error) = std::str::from_utf8(content) {
        let line = line_of(content, error.valid_up_to());
        return Err(format!("line {line} is not UTF-8 text"));
    }
    let lines_read = Cell::new(0);
    let lines = Lines {
        rest: content,
        read: &lines_read,
    };
    let mut variables = HashMap::new();
    for entry in dotenvy::from_read_iter(lines) {
        match entry {
            Ok((name, value)) => {
                variables.entry(name).or_insert(value);
            }
            // The parser's own message quotes the entry. One with an open quote reaches to the end
            // of the file, and its beginning is what people look for.
            Err(dotenvy::Error::LineParse(entry, _)) => {
                let begin = lines_read.get() + 1 - entry.lines().count().max(1);
                return Err(format!(
                    "syntax error on line {begin}: expected NAME=value, with single quotes around \
                     a value that has spaces, quotes, $ or #"
                ));
            }
            Err(_) => return Err(format!("line {} cannot be read", lines_read.get())),
        }
    }
    Ok(variables)
}

/// The number of the line that holds the byte `at`.
fn line_of(content: &[u8], at: usize) -> usize {
    let before = &content[..at];
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Gives one line at a time, so that its reader is never ahead of what it has parsed.
struct Lines<'a> {
    rest: &'a [u8],
    /// How many lines were begun.
    read: &'a Cell<usize>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let line = end.map_or(self.rest.len(), |end| end + 1);
        let count = line.min(buffer.len());
        let (now, later) = self.rest.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.rest = later;
        // A line that is longer than the buffer is counted with its last piece.
        if count == line && count > 0 {
            self.read.set(self.read.get() + 1);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(content: &[u8], name: &str) -> Option<String> {
        parse(content).expect("variables").remove(name)
    }

    #[test]
    fn values_are_read_with_and_without_a_byte_order_mark() {
        for content in [
            b"A=1\nB='two words' # why\n".as_slice(),
            b"\xef\xbb\xbfA=1\r\nB=\"two words\"",
        ] {
            assert_eq!(variable(content, "A").as_deref(), Some("1"));
            assert_eq!(variable(content, "B").as_deref(), Some("two words"));
        }
        assert_eq!(variable(b"", "A"), None);
    }

    #[test]
    fn the_first_value_counts() {
        assert_eq!(variable(b"A=1\nA=2\n", "A").as_deref(), Some("1"));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line_and_not_quoted() {
        let long = format!("A=1\n\nB={}\nhunter2 hunter2", "x".repeat(50_000));
        for (content, line) in [
            ("hunter2 hunter2", 1),
            ("A=1\n# why\n\nP=hunter2 hunter2\nB=2", 4),
            ("A=1\r\nP='hunter2\nB=2\nC=3\n", 2),
            ("A=1\nP=\"hunter2\nB=2", 2),
            ("A='1\n2\n3'\nP=hun\\ter2", 4),
            ("A='1\n2\n3' hunter2\nB=2", 1),
            (&long, 4),
        ] {
            let problem = parse(content.as_bytes()).unwrap_err();
            let start = format!("syntax error on line {line}: ");
            assert!(problem.starts_with(&start), "{content}: {problem}");
            assert!(!problem.contains("hun"), "{problem}");
        }
        let problem = parse(b"A=1\nP=hunter2\xff\n").unwrap_err();
        assert_eq!(problem, "line 2 is not UTF-8 text");
    }
}
