//! The running server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::program::{Ended, Program};
use super::site::SiteFolder;

/// How long a stop may take.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Serving {
    child: Option<Child>,
    stdout: Option<BufReader<std::process::ChildStdout>>,
    address: String,
    _site: SiteFolder,
}

impl Serving {
    /// Starts `serve` and waits until it prints its address.
    pub fn start(program: &Program, arguments: &[&str]) -> Self {
        let site = SiteFolder::new();
        let folder = site.path();
        let mut all = vec!["serve", "--site", folder.to_str().expect("UTF-8")];
        all.extend(arguments);
        let mut child = program.command(&all).spawn().expect("a process");
        let mut stdout = BufReader::new(child.stdout.take().expect("an output"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        let address = line
            .trim_end()
            .strip_prefix("ShopStream dashboard: http://");
        let Some(address) = address.map(ToOwned::to_owned) else {
            let output = child.wait_with_output().expect("an end");
            panic!("{line}{}", String::from_utf8_lossy(&output.stderr));
        };
        Self {
            child: Some(child),
            stdout: Some(stdout),
            address,
            _site: site,
        }
    }

    /// "127.0.0.1:40123".
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).expect("a connection")
    }

    /// The whole answer with its head.
    pub fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// The whole answer with its head.
    pub fn post(&self, path: &str, form: &str) -> String {
        let length = form.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n"
        );
        self.ask(&head, form)
    }

    fn ask(&self, head: &str, body: &str) -> String {
        let mut connection = self.connect();
        let host = &self.address;
        let request = format!("{head}Host: {host}\r\nConnection: close\r\n\r\n{body}");
        connection.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Stops it with SIGTERM and returns how it ended; fails if that takes too long.
    pub fn stop(self) -> Ended {
        self.stop_by("TERM")
    }

    /// Stops it with that signal ("INT" is Ctrl-C).
    pub fn stop_by(mut self, name: &str) -> Ended {
        let child = self.child.take().expect("a process");
        let id = child.id();
        signal(name, id);
        let (ended, end) = mpsc::channel();
        thread::spawn(move || ended.send(child.wait_with_output()));
        let Ok(output) = end.recv_timeout(PATIENCE) else {
            signal("KILL", id);
            panic!("it did not end within {PATIENCE:?}");
        };
        let output = output.expect("an end");
        let mut stdout = Vec::new();
        let mut rest = self.stdout.take().expect("an output");
        rest.read_to_end(&mut stdout).expect("an output");
        Ended::new(output.status.code(), stdout, output.stderr)
    }
}

/// A failing test leaves no process behind.
impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            _ = child.kill();
            _ = child.wait();
        }
    }
}

fn signal(name: &str, process: u32) {
    let command = format!("kill -{name} {process}");
    let status = Command::new("sh").args(["-c", &command]).status();
    assert!(status.expect("a shell").success());
}
