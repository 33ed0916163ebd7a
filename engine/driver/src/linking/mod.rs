//! What is linked: the preamble's own library, the objects of `SOURCES`, and the libraries that `LDFLAGS` and packages name.

pub(crate) mod compiler_libraries;
pub(crate) mod fortran_includes;
pub(crate) mod instrumentation;
pub(crate) mod ldflags;
pub(crate) mod library;
pub(crate) mod link_attribute;
pub(crate) mod link_directory;
pub(crate) mod linkable_file;
pub(crate) mod make_rule;
pub(crate) mod object_file;
pub(crate) mod pkg_config;
pub(crate) mod preamble_object;
pub(crate) mod rejected_shims;
pub(crate) mod source_languages;
pub(crate) mod source_objects;
pub(crate) mod vcpkg;
