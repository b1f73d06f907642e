// What the commands on records of people's decisions share: waivers and attestations.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/command.h"
#include "cli/views/views.h"

namespace assay::cli {

// How a kind of record is reached and shown.
struct RecordKind {
  std::string path;       // below /api/v1: "waivers"
  std::string sample_id;  // "W-1"
  Answer (*view)(Json record, Language language);
};

// --group of a record: whoever is in a group of the register, as it changes.
void add_group_option(CLI::App& command, const Session& session, std::vector<std::string>* groups);
// --hosts-from of a record: the hosts of a file, besides those of --host.
void add_hosts_from_option(CLI::App& command, const Session& session,
                           std::optional<std::string>* path);
// Those of the file, where one was given, join `hosts`.
[[nodiscard]] Status join_hosts_from(const std::optional<std::string>& path,
                                     std::vector<std::string>* hosts);
// --expiring and --as-of of a list.
void add_time_options(CLI::App& command, const Session& session, std::string* expiring,
                      std::string* as_of);
// `show ID`: one record with its history.
void add_record_show(CLI::App& group, Session& session, const RecordKind& kind, const Text& what);
// `ACT ID --note …`: what a person decides of a record.
void add_record_act(CLI::App& group, Session& session, const RecordKind& kind,
                    const std::string& act, const Text& what);

}  // namespace assay::cli
