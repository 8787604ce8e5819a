//! Damaged files may make the Parquet library panic. Here that becomes an error, and nothing of it reaches the screen.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

use parquet::errors::ParquetError;

thread_local! {
    /// Whether this thread is within a [`guarded`] call.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Calls the library. A panic within it is an error.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    static HUSH: Once = Once::new();
    HUSH.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_GUARDED.get() {
                before(info);
            }
        }));
    });
    let outer = IS_GUARDED.replace(true);
    // What the call leaves half done is the library's reader, which is not used again after an error.
    let result = panic::catch_unwind(AssertUnwindSafe(call));
    IS_GUARDED.set(outer);
    result.unwrap_or_else(|_| Err(ParquetError::General("its parts do not fit together".into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::panic, reason = "that is what is caught")]
    fn a_panic_is_an_error() {
        assert_eq!(guarded(|| Ok(7)).unwrap(), 7);
        let error = guarded::<()>(|| panic!("index out of bounds")).unwrap_err();
        assert_eq!(error.to_string(), "Parquet error: its parts do not fit together");
        assert!(!IS_GUARDED.get());
    }
}
