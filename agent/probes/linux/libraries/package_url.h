// Package URLs (purl) of the package managers of languages, in canonical form.
//
// Empty where name or version is not known: a URL without a version stands for
// all of them.
#pragma once

#include <string>
#include <string_view>

namespace assay::agent {

// PyPI compares names without case and takes "_" for "-".
[[nodiscard]] std::string pypi_url(std::string_view name, std::string_view version);
// `name` with its scope: "@babel/core".
[[nodiscard]] std::string npm_url(std::string_view name, std::string_view version);
// `type` is that of the archive ("war"); of a "jar" it is not written.
[[nodiscard]] std::string maven_url(std::string_view group, std::string_view artifact,
                                    std::string_view version, std::string_view type);
// `version` with its "v", as Go writes it.
[[nodiscard]] std::string golang_url(std::string_view module, std::string_view version);

}  // namespace assay::agent
