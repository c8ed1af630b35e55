//! The page's files, as `make page` builds them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use app::document::Assets;
use serde::Deserialize;
use thiserror::Error;

/// The folder of the page's files and the names that the page uses for them.
#[derive(Clone, Debug)]
pub struct Site {
    pub folder: PathBuf,
    pub assets: Assets,
}

/// The page's files cannot be used.
#[derive(Debug, Error)]
pub enum SiteError {
    #[error("{path} cannot be read: run `make build`, or name the site's folder with --site", path = path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{path} is not a manifest of this version's site: run `make build`", path = path.display())]
    Manifest {
        path: PathBuf,
        source: serde_json::Error,
    },
}

#[derive(Deserialize)]
struct Manifest {
    output_name: String,
    css: String,
}

impl Site {
    /// Opens `folder` or, by default, the folder `site` beside the executable or beside its folder:
    /// `target/release/server` finds `target/site` from any working directory.
    pub fn find(folder: Option<PathBuf>) -> Result<Self, SiteError> {
        match folder.or_else(beside_the_executable) {
            Some(folder) => Self::open(&folder),
            None => Self::open(Path::new("target/site")),
        }
    }

    /// Opens `folder`, which must contain `manifest.json`.
    pub fn open(folder: &Path) -> Result<Self, SiteError> {
        let path = folder.join("manifest.json");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(SiteError::Read { path, source }),
        };
        let manifest: Manifest = match serde_json::from_str(&text) {
            Ok(manifest) => manifest,
            Err(source) => return Err(SiteError::Manifest { path, source }),
        };
        let name = manifest.output_name;
        Ok(Self {
            folder: folder.to_owned(),
            assets: Assets {
                script: format!("/pkg/{name}.js"),
                wasm: format!("/pkg/{name}_bg.wasm"),
                css: manifest.css,
            },
        })
    }
}

fn beside_the_executable() -> Option<PathBuf> {
    let executable = std::env::current_exe().ok()?;
    let folder = executable.parent()?;
    let candidates = [folder.parent()?.join("site"), folder.join("site")];
    candidates
        .into_iter()
        .find(|candidate| candidate.join("manifest.json").is_file())
}
