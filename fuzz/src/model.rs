//! A model file; the first byte chooses among the bytes as they are, the bytes with digests that fit
//! them, and edits of the tensors of a sound file.
//!
//! What loads is saved, and what is saved loads as the same model and is saved as the same bytes.

use binnc::engine::model::{load, resealed, save};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};

use super::parts;

const SOUND: [&[u8]; 2] =
    [include_bytes!("../models/two.safetensors"), include_bytes!("../models/normal.safetensors")];
/// Bytes of an edit: tensor, what to do, where (two bytes), value.
const EDIT: usize = 5;
/// More edits than this only hide one another.
const MOST_EDITS: usize = 8;

/// Loads a model.
pub fn check(bytes: &[u8]) {
    let (choice, content) = parts::choice(bytes, 4);
    match choice {
        0 => loads(content),
        1 => resealed(content).iter().for_each(|bytes| loads(bytes)),
        _ => edited(SOUND[choice - 2], content).iter().for_each(|bytes| loads(bytes)),
    }
}

fn loads(bytes: &[u8]) {
    let Ok(model) = load("m", bytes) else { return };
    let saved = save(&model).expect("what loads can be saved");
    let again = load("m", &saved).expect("what was saved loads");
    assert!(again == model, "the same model");
    assert_eq!(save(&again).as_ref(), Ok(&saved), "the same bytes");
}

/// The sound file with a few of its tensors changed, and digests that fit.
fn edited(sound: &[u8], edits: &[u8]) -> Option<Vec<u8>> {
    let (_, metadata) = SafeTensors::read_metadata(sound).ok()?;
    let known = SafeTensors::deserialize(sound).ok()?;
    let mut tensors: Vec<(String, Dtype, Vec<u8>)> =
        known.tensors().into_iter().map(|(name, view)| (name, view.dtype(), view.data().to_vec())).collect();
    tensors.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    for edit in edits.chunks_exact(EDIT).take(MOST_EDITS) {
        let at = usize::from(edit[0]) % tensors.len();
        change(&mut tensors[at].2, edit[1], usize::from(edit[2]) | usize::from(edit[3]) << 8, edit[4]);
    }
    let mut views = Vec::new();
    for (name, dtype, bytes) in &tensors {
        let size = dtype.bitsize() / 8;
        let whole = &bytes[..bytes.len() / size * size];
        views.push((name.clone(), TensorView::new(*dtype, vec![whole.len() / size], whole).ok()?));
    }
    resealed(&serialize(views, metadata.metadata().clone()).ok()?)
}

fn change(bytes: &mut Vec<u8>, what: u8, at: usize, value: u8) {
    let place = at % bytes.len().max(1);
    match (what % 6, bytes.get_mut(place)) {
        (0, Some(byte)) => *byte = value,
        (1, Some(byte)) => *byte ^= 1 << (value % 8),
        (2, Some(byte)) => *byte = byte.wrapping_add(value),
        (3, Some(_)) => bytes.truncate(place),
        (4, Some(_)) => bytes.insert(place, value),
        _ => bytes.extend(std::iter::repeat_n(value, at % 64)),
    }
}
