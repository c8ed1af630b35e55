//! What the disk alone takes, as the least that an archive in a folder can.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

const PIECE: usize = 256 << 10;

/// Writes so many bytes to a file, waits until they are on the disk, and reads them back.
pub fn bare(folder: &Path, bytes: u64) -> Duration {
    let path = folder.join("bare");
    let mut piece = vec![b'x'; PIECE];
    let started = Instant::now();
    let mut file = File::create(&path).expect("a file");
    let mut left = bytes as usize;
    while left > 0 {
        let part = left.min(PIECE);
        file.write_all(&piece[..part]).expect("a piece");
        left -= part;
    }
    file.sync_all().expect("a disk");
    let mut file = File::open(&path).expect("the file");
    while file.read(&mut piece).expect("a piece") > 0 {}
    let took = started.elapsed();
    fs::remove_file(&path).expect("the file");
    took
}
