//! Files that are kept between builds, and how a changed file is noticed.

pub mod checksum;
pub mod kept_file;
pub mod stamp;
