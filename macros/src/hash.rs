//! How names are looked up where only numbers can be.

/// The number under which the compiler finds a resource: the 64-bit FNV-1a hash of its name. What is found has to have
/// the name itself as well.
pub(crate) fn id(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The number under which the compiler finds a further block of a resource.
pub(crate) fn part_id(name: &str, part: usize) -> u64 {
    id(&format!("{name}\0{part}"))
}

/// The name as a part of an identifier, for the compiler's messages.
pub(crate) fn word(name: &str) -> String {
    let fits = |character: char| if character.is_alphanumeric() { character } else { '_' };
    name.chars().map(fits).collect()
}

#[cfg(test)]
mod tests;
