// The families of tables. Each function declares its family once, as data; the
// declarations live as long as the program. Safe to call from any thread.
//
// Read tables through all_tables() and find_table() of evidence/schema.h; only
// registry.cc calls these.
#pragma once

#include <span>

#include "evidence/schema.h"

namespace assay::evidence {

[[nodiscard]] std::span<const TableSpec> system_tables();    // the machine and its system
[[nodiscard]] std::span<const TableSpec> software_tables();  // what is installed
[[nodiscard]] std::span<const TableSpec> bundle_tables();    // software with its own libraries
[[nodiscard]] std::span<const TableSpec> account_tables();   // who may log in, and how
[[nodiscard]] std::span<const TableSpec> network_tables();   // addresses and listeners
[[nodiscard]] std::span<const TableSpec> security_tables();  // protection in place
[[nodiscard]] std::span<const TableSpec>
libraries_tables();  // what package managers of languages installed, and what nobody did
[[nodiscard]] std::span<const TableSpec>
updates_tables();                                          // where updates come from and which wait
[[nodiscard]] std::span<const TableSpec> access_tables();  // logins, rights and keys of accounts
[[nodiscard]] std::span<const TableSpec>
firewall_tables();  // packet filters and what they leave open
[[nodiscard]] std::span<const TableSpec> shares_tables();     // file shares and wireless networks
[[nodiscard]] std::span<const TableSpec> hardening_tables();  // settings that harden the machine
[[nodiscard]] std::span<const TableSpec> files_tables();  // files, file systems and certificates
[[nodiscard]] std::span<const TableSpec> operations_tables();  // logging, time and remote access
[[nodiscard]] std::span<const TableSpec> agent_tables();       // the agent itself
[[nodiscard]] std::span<const TableSpec> tls_tables();         // TLS servers, seen from outside
[[nodiscard]] std::span<const TableSpec> observed_tables();    // what crosses the wire
[[nodiscard]] std::span<const TableSpec> sweep_tables();       // what answers from the network
[[nodiscard]] std::span<const TableSpec>
services_tables();  // what is spoken on ports, from outside
// Reference tables: shipped and uploaded data.
[[nodiscard]] std::span<const TableSpec> support_tables();   // how long products are supported
[[nodiscard]] std::span<const TableSpec> approval_tables();  // what the company has approved
[[nodiscard]] std::span<const TableSpec> class_tables();     // what kind of thing something is
[[nodiscard]] std::span<const TableSpec> name_tables();      // what others call a product
[[nodiscard]] std::span<const TableSpec>
register_tables();  // what the company says of its machines and networks; the day

}  // namespace assay::evidence
