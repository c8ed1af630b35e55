//! The real program as a process with its own folder and environment.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub struct Program {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// The exit code and output of a process.
#[derive(Debug)]
pub struct Ended {
    /// `None` if a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Program {
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
            variables: vec![("LISTEN_ADDR".to_owned(), "127.0.0.1:0".to_owned())],
        }
    }

    /// Sets a variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The working directory; `DATA_DIR` is `data` in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    pub fn database(&self) -> PathBuf {
        self.data().join("shopstream.sqlite3")
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.folder().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
        command
            .args(arguments)
            .env_clear()
            .envs(self.variables.iter().cloned())
            .current_dir(self.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, "")
    }

    /// Runs the program with `input` as its standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ended {
        let mut child = self.command(arguments).spawn().expect("a process");
        let mut stdin = child.stdin.take().expect("an input");
        // A program that ends early does not read it.
        _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("an end");
        Ended::new(output.status.code(), output.stdout, output.stderr)
    }

    /// Runs the program, which must succeed, and returns its output.
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
        ended.stdout
    }

    /// Runs the program, which must fail with one line, and returns the line.
    pub fn fails(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(1), ""),
            "{arguments:?}: {ended:?}"
        );
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
        let line = ended.stderr.strip_prefix("server: ");
        line.expect("the program's name").trim_end().to_owned()
    }
}

impl Ended {
    pub fn new(code: Option<i32>, stdout: Vec<u8>, stderr: Vec<u8>) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let ended = Self {
            code,
            stdout: text(stdout),
            stderr: text(stderr),
        };
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        assert!(ended.code.is_some(), "{ended:?}");
        ended
    }
}
