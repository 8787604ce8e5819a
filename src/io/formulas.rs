//! Cells that a spreadsheet would take for formulas.
//!
//! In tables that are written, such a cell gets an apostrophe before it, and reading takes that away again. So that every
//! text comes back as it was, a text that begins with such an apostrophe itself gets one more.

/// Whether a spreadsheet may take the cell for a formula, numbers aside: whether it begins with `=`, `+`, `-` or `@`, plain
/// or of full width, spaces before them or not, or with a tab or a line break.
pub(super) fn is_formula(cell: &[u8]) -> bool {
    matches!(cell.first(), Some(b'\t' | b'\r' | b'\n'))
        || matches!(
            without_spaces(cell),
            [b'=' | b'+' | b'-' | b'@', ..]
                // U+FF0B, U+FF0D, U+FF1D and U+FF20.
                | [0xef, 0xbc, 0x8b | 0x8d | 0x9d | 0xa0, ..]
        )
}

/// Whether the cell has to get an apostrophe.
pub(super) fn must_be_marked(cell: &str) -> bool {
    // Nearly all cells are told by their first byte.
    if cell.bytes().next().is_none_or(|byte| byte.is_ascii_alphanumeric() || byte == b'{') {
        return false;
    }
    let is_number = || {
        let number = cell.trim_start();
        // A sign is nothing that a number of ours is written with; it is one of a telephone.
        !number.starts_with('+')
            && !cell.starts_with(['\t', '\r', '\n'])
            && number.parse::<crate::number::Number>().is_ok()
    };
    is_formula(without_marks(cell.as_bytes())) && !is_number()
}

/// The cell without the apostrophe that was put before it.
pub(super) fn unmarked(cell: &[u8]) -> &[u8] {
    match cell {
        [b'\'', rest @ ..] if is_formula(without_marks(rest)) => rest,
        _ => cell,
    }
}

fn without_marks(mut cell: &[u8]) -> &[u8] {
    while let [b'\'', rest @ ..] = cell {
        cell = rest;
    }
    cell
}

/// The cell without the spaces that it begins with, those that take no room included.
fn without_spaces(mut cell: &[u8]) -> &[u8] {
    while let [b' ' | 0x09..=0x0d, rest @ ..]
        // U+00A0, U+2000 to U+200F, U+202F, U+205F, U+2060, U+3000 and U+FEFF.
        | [0xc2, 0xa0, rest @ ..]
        | [0xe2, 0x80, 0x80..=0x8f | 0xaf, rest @ ..]
        | [0xe2, 0x81, 0x9f | 0xa0, rest @ ..]
        | [0xe3, 0x80, 0x80, rest @ ..]
        | [0xef, 0xbb, 0xbf, rest @ ..] = cell
    {
        cell = rest;
    }
    cell
}
