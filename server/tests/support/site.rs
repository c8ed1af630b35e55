//! A small site in a temporary folder, beside a secret file.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub const SCRIPT: &str = "/pkg/app.0123456789abcdef.js";
pub const STYLE: &str = "/pkg/dashboard.fedcba9876543210.css";
pub const SCRIPT_TEXT: &str = "export default function () {}\n";
/// Stands for the compressed [`SCRIPT_TEXT`].
pub const SCRIPT_BROTLI: &[u8] = b"not really brotli";

pub struct SiteFolder {
    folder: TempDir,
}

impl SiteFolder {
    pub fn new() -> Self {
        let site = Self {
            folder: TempDir::new().expect("a temporary folder"),
        };
        fs::create_dir_all(site.path().join("pkg")).expect("a folder");
        let manifest = format!(r#"{{"output_name":"app.0123456789abcdef","css":"{STYLE}"}}"#);
        site.write("manifest.json", manifest.as_bytes());
        site.write("favicon.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
        site.write(SCRIPT, SCRIPT_TEXT.as_bytes());
        site.write(&format!("{SCRIPT}.br"), SCRIPT_BROTLI);
        site.write(STYLE, b"body{margin:0}\n");
        let secret = site.folder.path().join("secret.txt");
        fs::write(secret, "secret").expect("a file");
        site
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn write(&self, name: &str, content: &[u8]) {
        let path = self.path().join(Path::new(name.trim_start_matches('/')));
        fs::write(path, content).expect("a file");
    }
}
