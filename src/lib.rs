//! Courtesy.
