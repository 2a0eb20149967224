//! Disks that misbehave: files that shrink, are replaced, or give way while they are read.

use binnc::io::{Disk, Ranges, World};
use std::io;
use std::path::{Path, PathBuf};

/// What happens to the .bed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// It loses its second half once it is open.
    Shrinks,
    /// The disk fails while it is read.
    Fails,
    /// Other bytes of the same length take its place as soon as it was read.
    Replaced,
}

/// The real disk, but for one file.
pub struct Bad(pub Mishap);

impl Bad {
    fn concerns(path: &Path) -> bool {
        path.extension().is_some_and(|end| end == "bed")
    }

    fn fault(&self) -> io::Result<()> {
        const EIO: i32 = 5;
        if self.0 == Mishap::Fails { Err(io::Error::from_raw_os_error(EIO)) } else { Ok(()) }
    }
}

impl World for Bad {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if Self::concerns(path) {
            self.fault()?;
            let bytes = Disk.read(path)?;
            if self.0 == Mishap::Replaced {
                Disk.write(path, &[&bytes[..3], &vec![0xff; bytes.len() - 3]].concat())?;
                return Ok(bytes);
            }
            return Ok(bytes[..bytes.len() / 2].to_vec());
        }
        Disk.read(path)
    }

    fn head(&self, path: &Path, length: usize) -> io::Result<Vec<u8>> {
        Disk.head(path, length)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Ranges>> {
        if Self::concerns(path) { Ok(Box::new(self.read(path)?)) } else { Disk.open(path) }
    }

    fn size(&self, path: &Path) -> io::Result<u64> {
        Disk.size(path)
    }

    fn exists(&self, path: &Path) -> bool {
        Disk.exists(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        Disk.create_folder(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Disk.remove(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.canonical(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        Disk.write(path, bytes)
    }
}
