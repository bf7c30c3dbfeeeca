//! The only HTTP client: limits, politeness, robots, conditional requests, address guard.
