//! Test certificates made by openssl.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::process::{on_path, skipped};

#[derive(Debug)]
pub struct Certificate {
    folder: TempDir,
}

impl Certificate {
    /// A certificate for "localhost" and its authority; `None` without openssl.
    pub fn new() -> Option<Self> {
        if on_path("openssl").is_none() {
            skipped("openssl");
            return None;
        }
        let folder = TempDir::new().expect("a temporary folder");
        let ca = "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=authority \
                  -keyout ca.key -out ca.pem";
        let request = "req -newkey rsa:2048 -nodes -subj /CN=localhost \
                       -keyout server.key -out server.csr";
        let sign = "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
                    -extfile names -out server.pem";
        std::fs::write(
            folder.path().join("names"),
            "subjectAltName=DNS:localhost\n",
        )
        .expect("a file");
        for arguments in [ca, request, sign] {
            openssl(folder.path(), arguments);
        }
        Some(Self { folder })
    }

    /// "ca.pem", "server.pem", "server.key".
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn openssl(folder: &Path, arguments: &str) {
    let mut openssl = Command::new("openssl");
    openssl
        .args(arguments.split_whitespace())
        .current_dir(folder);
    let output = openssl.output().expect("an end");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments}: {said}");
}
