//! The `courtesy` command: rule files in, contact schedules out.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
