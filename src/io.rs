//! The only user of the file system and of the environment.
//!
//! Readers get whole files or byte ranges; every output is written to a temporary file in
//! the same folder, synced, and renamed, so a name never stands for half a file.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is the one door to the file system"
)]

pub mod gzip;
mod held;
pub mod recorded;
pub mod sealed;
pub mod texts;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What names of unfinished files begin with; whoever finds one of a process that is gone may remove it.
pub const TEMPORARY: &str = ".binnc-";

/// What the rest of binnc may ask of the outside.
pub trait World: Send + Sync {
    /// The whole file.
    ///
    /// # Errors
    /// As the operating system says.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// At most the first `length` bytes.
    ///
    /// # Errors
    /// As the operating system says.
    fn head(&self, path: &Path, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = self.read(path)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    /// A file of which ranges are read as they are needed; by default it is held in memory.
    ///
    /// # Errors
    /// As the operating system says.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Ranges>> {
        Ok(Box::new(self.read(path)?))
    }

    /// Size in bytes.
    ///
    /// # Errors
    /// As the operating system says.
    fn size(&self, path: &Path) -> io::Result<u64>;

    /// Size in bytes, and BLAKE3 of the content in hexadecimal.
    ///
    /// # Errors
    /// As the operating system says.
    fn digest(&self, path: &Path) -> io::Result<(u64, String)> {
        let bytes = self.read(path)?;
        Ok((bytes.len() as u64, blake3::hash(&bytes).to_hex().to_string()))
    }

    /// Whether something of that name is there.
    fn exists(&self, path: &Path) -> bool;

    /// The paths of what stands in a folder, sorted.
    ///
    /// # Errors
    /// As the operating system says.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Err(io::Error::new(io::ErrorKind::Unsupported, format!("{} cannot be listed", folder.display())))
    }

    /// Whether it is a regular file, and no folder, pipe or device.
    fn is_file(&self, path: &Path) -> bool {
        self.exists(path)
    }

    /// Makes a folder and its parents.
    ///
    /// # Errors
    /// As the operating system says.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Gives a file another name in the same file system, in place of what has that name.
    ///
    /// # Errors
    /// As the operating system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.write(to, &self.read(from)?)?;
        self.remove(from)
    }

    /// Holds a name as long as the result lives, whatever ends the process; `None` where another
    /// process holds it.
    ///
    /// # Errors
    /// As the operating system says.
    fn hold(&self, _path: &Path) -> io::Result<Option<Box<dyn Send>>> {
        Ok(Some(Box::new(())))
    }

    /// Removes a file, or a folder with all in it.
    ///
    /// # Errors
    /// As the operating system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// The path with symbolic links resolved.
    ///
    /// # Errors
    /// As the operating system says.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;

    /// A variable of the environment, if it is set; bytes that are no text are replaced.
    fn variable(&self, _name: &str) -> Option<String> {
        None
    }

    /// Writes a whole file so that readers see the old one or the new one, never a part.
    ///
    /// # Errors
    /// As the operating system says; the earlier file is then unchanged.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
}

/// An open file.
pub trait Ranges: Send + Sync {
    /// Fills `into` with the bytes from `offset` on.
    ///
    /// # Errors
    /// As the operating system says; also where the file ends before.
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()>;
}

impl Ranges for Vec<u8> {
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let first = usize::try_from(offset).ok();
        let bytes = first.and_then(|first| self.get(first..)?.get(..into.len()));
        into.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// The real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl World for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn head(&self, path: &Path, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(length as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Ranges>> {
        Ok(Box::new(OnDisk(File::open(path)?)))
    }

    fn size(&self, path: &Path) -> io::Result<u64> {
        Ok(fs::metadata(path)?.len())
    }

    /// Piece by piece: genotypes may be larger than memory.
    fn digest(&self, path: &Path) -> io::Result<(u64, String)> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(path)?)?;
        Ok((hasher.count(), hasher.finalize().to_hex().to_string()))
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        paths.sort();
        Ok(paths)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)?;
        File::open(folder_of(to))?.sync_all()
    }

    fn hold(&self, path: &Path) -> io::Result<Option<Box<dyn Send>>> {
        held::hold(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn variable(&self, name: &str) -> Option<String> {
        Some(std::env::var_os(name)?.to_string_lossy().into_owned())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = folder_of(path);
        // The temporary name is chance, and would stand in messages.
        let mut temporary = new_temporary(folder).map_err(|failed| io::Error::from(failed.kind()))?;
        temporary.as_file_mut().write_all(bytes)?;
        temporary.as_file().sync_all()?;
        temporary.persist(path).map_err(|failed| failed.error)?;
        File::open(folder)?.sync_all()
    }
}

struct OnDisk(File);

impl Ranges for OnDisk {
    #[cfg(unix)]
    fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, into, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, mut offset: u64, mut into: &mut [u8]) -> io::Result<()> {
        while !into.is_empty() {
            let count = std::os::windows::fs::FileExt::seek_read(&self.0, into, offset)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            into = &mut into[count..];
            offset += count as u64;
        }
        Ok(())
    }
}

/// Files in memory, for tests.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct MemoryWorld {
    files: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
}

impl MemoryWorld {
    /// The same world with one more file.
    #[must_use]
    pub fn with(self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> Self {
        self.locked().insert(path.as_ref().to_path_buf(), bytes.as_ref().to_vec());
        self
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
        self.files.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.locked().get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn size(&self, path: &Path) -> io::Result<u64> {
        Ok(self.read(path)?.len() as u64)
    }

    fn exists(&self, path: &Path) -> bool {
        self.locked().keys().any(|held| held.starts_with(path))
    }

    fn create_folder(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let files = self.locked();
        let below =
            files.keys().filter_map(|held| Some(folder.join(held.strip_prefix(folder).ok()?.iter().next()?)));
        let mut paths: Vec<PathBuf> = below.collect();
        paths.dedup();
        Ok(paths)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut files = self.locked();
        let bytes = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        files.insert(to.to_path_buf(), bytes);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.locked().retain(|held, _| !held.starts_with(path));
        Ok(())
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        if self.exists(path) { Ok(path.to_path_buf()) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.locked().insert(path.to_path_buf(), bytes.to_vec());
        Ok(())
    }
}

#[cfg(unix)]
fn new_temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let readable = fs::Permissions::from_mode(0o666);
    tempfile::Builder::new().prefix(TEMPORARY).permissions(readable).tempfile_in(folder)
}

#[cfg(not(unix))]
fn new_temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
