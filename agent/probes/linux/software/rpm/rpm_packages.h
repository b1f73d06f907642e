// Table rpm_packages.
#pragma once

#include <string>

#include "agent/host/budget_host.h"
#include "agent/host/host.h"
#include "agent/probes/linux/software/rpm/header_visitor.h"
#include "agent/probes/linux/software/rpm/rpm_header.h"
#include "agent/probes/linux/system/os_release.h"
#include "evidence/table.h"

namespace assay::agent {

// What a probe may read that looks at rpm's database: that of a large workstation, of which most
// pages have to be looked at.
inline constexpr std::uint64_t kRpmReadBytes = std::uint64_t{2} << 30U;
// Of a probe for which that is the only thing out of the ordinary: it lists the packages, or names
// the owners of programs.
inline constexpr Budget kRpmBudget{.read_bytes = kRpmReadBytes};

// Reads rpm's database in whatever form it has, without rpm. kNotFound where there is none: then
// what rpm installed is unknown, or this is no system of rpm's. kUnavailable when rpm changed the
// database while it was read.
[[nodiscard]] Result<evidence::Table> collect_rpm_packages(Host& host);

// Shows the header of every package that is asked for, perhaps a second time when rpm changed the
// database meanwhile, and perhaps others. Fails as collect_rpm_packages() does.
[[nodiscard]] Status visit_rpm_packages(Host& host, const HeaderVisitor& visit,
                                        const RpmSelection& selection = {});

// The file that holds the database. kNotFound where there is none.
[[nodiscard]] Result<std::string> rpm_database_path(Host& host);

// Empty when the distribution is not known, and for the keys that rpm keeps among its packages.
[[nodiscard]] std::string rpm_purl(const RpmHeader& header, const OsRelease& release);

}  // namespace assay::agent
