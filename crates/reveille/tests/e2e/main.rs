//! The built binary, used as a person would use it.

mod commands;
mod crash;
mod faults;
mod morning;
mod program;
mod serving;
