//! What the tests need of the machine, from Debian's packages.

use std::{path::Path, process::Command};

use anyhow::bail;

/// A program that tests run, and the package that brings it.
struct Need {
    package: &'static str,
    /// Any of these will do.
    programs: &'static [&'static str],
}

const NEEDS: [Need; 5] = [
    Need {
        package: "postgresql-15",
        programs: &["/usr/lib/postgresql/15/bin/postgres"],
    },
    Need {
        package: "chromium",
        programs: &["/usr/bin/chromium"],
    },
    Need {
        package: "chromium-driver",
        programs: &["/usr/bin/chromedriver"],
    },
    // Verifies our signatures.
    Need {
        package: "python3-dkim",
        programs: &["/usr/bin/dkimverify"],
    },
    // Judges our mails.
    Need {
        package: "spamassassin",
        programs: &["/usr/bin/spamassassin"],
    },
];

/// Installs what is missing; where it may not, says what is.
pub(crate) fn install_missing() -> anyhow::Result<()> {
    let missing: Vec<&str> = NEEDS
        .iter()
        .filter(|need| !need.programs.iter().any(|program| Path::new(program).exists()))
        .map(|need| need.package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let command = format!("apt-get install --no-install-recommends {}", missing.join(" "));
    eprintln!("xtask: the tests need {}; installing", missing.join(", "));
    // A PostgreSQL that runs as a service is not wanted: the tests start their own.
    let apt = |arguments: &[&str]| {
        Command::new("apt-get")
            // Mirrors fail now and then, and another one may be at it.
            .args(["-o", "Acquire::Retries=5", "-o", "DPkg::Lock::Timeout=300"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status()
            .is_ok_and(|status| status.success())
    };
    let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    install.extend(&missing);
    if !(apt(&["update", "--quiet"]) && apt(&install)) {
        bail!(
            "the tests need Debian's packages {}; install them as root: {command}",
            missing.join(", ")
        );
    }
    Ok(())
}
