//! Names that one process holds at a time.
//!
//! The lock is the operating system's, which lets it go however the process ends, so that none is
//! left behind; the file holds the number of the process for whoever is refused.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A held name; its file goes with it.
struct Held {
    path: PathBuf,
    _file: File,
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Holds a name; `None` where another process does.
pub(super) fn hold(path: &Path) -> io::Result<Option<Box<dyn Send>>> {
    loop {
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            // File systems without locks hold nothing back.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        // Its last holder may have removed it after it was opened here.
        if still_there(path, &file) {
            file.set_len(0)?;
            write!(file, "{}", std::process::id())?;
            return Ok(Some(Box::new(Held { path: path.to_path_buf(), _file: file })));
        }
    }
}

#[cfg(unix)]
fn still_there(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |known: fs::Metadata| (known.dev(), known.ino());
    match (fs::metadata(path), file.metadata()) {
        (Ok(named), Ok(open)) => place(named) == place(open),
        _ => false,
    }
}

#[cfg(not(unix))]
fn still_there(_: &Path, _: &File) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::hold;

    #[test]
    fn one_holds_a_name_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lock");
        let first = hold(&path).expect("writes").expect("is free");
        assert!(hold(&path).expect("opens").is_none(), "it is held");
        let number = std::fs::read_to_string(&path).expect("a file");
        assert_eq!(number, std::process::id().to_string());
        drop(first);
        assert!(!path.exists(), "the file goes with its holder");
        std::fs::write(&path, "99999").expect("written");
        assert!(hold(&path).expect("opens").is_some(), "a file that nobody holds is nothing");
    }
}
