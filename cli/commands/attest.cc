// assay attest add, attach, list, show, fetch, withdraw
#include <CLI/CLI.hpp>

#include "cli/client/read_file.h"
#include "cli/commands/records.h"
#include "evidence/digest.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace {

const RecordKind kAttestations{"attestations", "ATT-1", attestation_view};

// As the collector bounds them.
constexpr std::size_t kMaxFileBytes = 10U << 20U;
constexpr std::size_t kMaxFiles = 10;

struct File {
  std::string name;
  std::string bytes;
};

// The file's own name; what the collector takes in no name becomes an underscore.
std::string name_of(const std::string& path) {
  auto name = path.substr(path.rfind('/') + 1);
  for (auto& letter : name)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f ||
        std::string_view("\\:*?\"<>|").contains(letter))
      letter = '_';
  if (!name.empty() && std::string_view(".- ").contains(name.front())) name.front() = '_';
  if (!name.empty() && std::string_view(". ").contains(name.back())) name.back() = '_';
  return name;
}

Result<std::vector<File>> read_all(const std::vector<std::string>& paths) {
  if (paths.size() > kMaxFiles)
    return refuse(Code::kUsage, {"more than {} files", "超過 {} 個檔案"}, kMaxFiles);
  std::vector<File> files;
  for (const auto& path : paths) {
    auto bytes = read_file(path, kMaxFileBytes);
    if (!bytes) return fail(bytes.error());
    files.push_back({name_of(path), std::move(*bytes)});
  }
  return files;
}

// The attestation as the last answer shows it.
Result<Json> send_files(Remote& remote, Json attestation, const std::vector<File>& files) {
  const auto id = text_at(attestation, "id");
  for (const auto& file : files) {
    auto sent = remote.put({"attestations", id, "files", file.name}, file.bytes);
    if (!sent)
      return fail(sent.error().within(
          phrase({"{0} is recorded, but without {1}; send it with: assay attest attach {0}",
                  "{0} 已登錄，但缺少 {1}；請以「assay attest attach {0}」補上"},
                 id, file.name)));
    attestation = std::move(*sent);
  }
  return attestation;
}

struct Statement {
  std::string control;
  std::vector<std::string> hosts;
  std::vector<std::string> groups;
  std::string statement;
  std::string owner;
  std::string date;
  std::string until;
  std::vector<std::string> files;
};

Result<Json> add(Remote& remote, const Statement& wish, const std::vector<File>& files) {
  const auto colon = wish.control.find(':');
  if (colon == std::string::npos)
    return refuse(Code::kUsage,
                  {"\"{}\": write FRAMEWORK:CONTROL, idb-isp:1.1.1",
                   "「{}」：請寫成「規範:控制項」，如 idb-isp:1.1.1"},
                  wish.control);
  Json body = {{"framework", wish.control.substr(0, colon)},
               {"control", wish.control.substr(colon + 1)},
               {"statement", wish.statement},
               {"owner", wish.owner},
               {"until", wish.until}};
  if (!wish.date.empty()) body["date"] = wish.date;
  if (!wish.hosts.empty()) body["hosts"] = wish.hosts;
  if (!wish.groups.empty()) body["groups"] = wish.groups;
  auto recorded = remote.post({"attestations"}, body);
  return recorded ? send_files(remote, std::move(*recorded), files) : recorded;
}

void add_add(CLI::App& group, Session& session) {
  const auto wish = std::make_shared<Statement>();
  auto* command =
      add_command(group, session, "add",
                  {"Put on record that a control is met, as far as no machine can see it",
                   "登錄聲明：機器無法查核的部分已符合控制項"},
                  [&session, wish] {
                    // A file that cannot be read is known before anything is recorded.
                    const auto files = read_all(wish->files);
                    if (!files) return session.report(files.error());
                    return session.ask([&](Remote& remote) { return add(remote, *wish, *files); },
                                       attestation_view);
                  });
  command->add_option("control", wish->control, "FRAMEWORK:CONTROL")->required();
  command->add_option("--statement", wish->statement, session.say({"what is attested", "聲明內容"}))
      ->required();
  command->add_option("--owner", wish->owner, session.say({"who answers for it", "負責人"}))
      ->required();
  command
      ->add_option("--until", wish->until,
                   session.say({"the last day on which it counts (UTC), 2027-11-30",
                                "最後有效日（UTC），如 2027-11-30"}))
      ->required()
      ->type_name("DAY");
  command
      ->add_option(
          "--date", wish->date,
          session.say({"the day of the statement; today unless said", "聲明日；預設為今日"}))
      ->type_name("DAY");
  command
      ->add_option("--host", wish->hosts,
                   session.say({"of this host only; repeatable", "僅適用此主機；可重複"}))
      ->expected(1)
      ->take_all();
  add_group_option(*command, session, &wish->groups);
  command
      ->add_option("--file", wish->files,
                   session.say({"a file that shows it (10 MiB at most); repeatable",
                                "佐證檔案（上限 10 MiB）；可重複"}))
      ->expected(1)
      ->take_all();
}

void add_attach(CLI::App& group, Session& session) {
  const auto id = std::make_shared<std::string>();
  const auto paths = std::make_shared<std::vector<std::string>>();
  auto* command =
      add_command(group, session, "attach", {"Add files to an attestation", "為聲明補上佐證檔案"},
                  [&session, id, paths] {
                    const auto files = read_all(*paths);
                    if (!files) return session.report(files.error());
                    return session.ask(
                        [&](Remote& remote) { return send_files(remote, {{"id", *id}}, *files); },
                        attestation_view);
                  });
  command->add_option("id", *id, "ATT-1")->required();
  command->add_option("files", *paths, session.say({"the files", "檔案"}))->required();
}

struct Filters {
  std::string framework;
  std::string host;
  std::string state;
  std::string expiring;
  std::string as_of;
};

void add_list(CLI::App& group, Session& session) {
  const auto filters = std::make_shared<Filters>();
  auto* command = add_command(
      group, session, "list", {"Attestations, the newest first", "聲明清單，最新者在前"},
      [&session, filters] {
        return session.ask(
            [&](Remote& remote) -> Result<Json> {
              const auto as_of = moment_or_none(filters->as_of);
              if (!as_of) return fail(as_of.error());
              return remote.get_all({"attestations"}, {{"framework", filters->framework},
                                                       {"host", filters->host},
                                                       {"state", filters->state},
                                                       {"expiring", filters->expiring},
                                                       {"as-of", *as_of}});
            },
            attestations_view);
      });
  command->add_option("--framework", filters->framework,
                      session.say({"one framework", "單一規範"}));
  command->add_option("--host", filters->host,
                      session.say({"those that count for this host", "適用此主機者"}));
  command
      ->add_option("--state", filters->state,
                   session.say({"in_force, withdrawn, superseded, ended; all unless said",
                                "in_force、withdrawn、superseded、ended；預設為全部"}))
      ->check(CLI::IsMember({"in_force", "withdrawn", "superseded", "ended", "all"}));
  add_time_options(*command, session, &filters->expiring, &filters->as_of);
}

// The bytes of an attached file, when they are those that were attached.
Result<std::string> fetch(Remote& remote, const std::string& id, const std::string& name) {
  const auto attestation = remote.get({"attestations", id}, {});
  if (!attestation) return fail(attestation.error());
  for (const auto& file : array_at(*attestation, "files")) {
    if (text_at(file, "name") != name) continue;
    auto bytes = remote.download({"attestations", id, "files", name});
    if (bytes && evidence::sha256(*bytes).hex() != text_at(file, "sha256"))
      return refuse(Code::kInvalidData,
                    {"{}: what came is not what was attached", "{}：收到的內容與當初附上的不同"},
                    name);
    return bytes;
  }
  return refuse(Code::kUnavailable, {"{} has no file {}", "{} 沒有附件 {}"}, id, name);
}

void add_fetch(CLI::App& group, Session& session) {
  struct Wish {
    std::string id;
    std::string name;
    std::string path;
  };
  const auto wish = std::make_shared<Wish>();
  auto* command = add_command(
      group, session, "fetch", {"Save an attached file", "取回佐證檔案"}, [&session, wish] {
        const auto remote = session.connect();
        if (!remote) return session.report(remote.error());
        const auto bytes = fetch(**remote, wish->id, wish->name);
        if (!bytes) {
          const int code = session.report(bytes.error());
          return code == kCannotOpen ? static_cast<int>(kToolError) : code;
        }
        if (const auto written = write_file(wish->path, *bytes, 0600); !written)
          return session.report(written.error());
        session.note(wish->path + session.say({": written", "：已寫入"}));
        return static_cast<int>(kDone);
      });
  command->add_option("id", wish->id, "ATT-1")->required();
  command->add_option("name", wish->name, session.say({"name of the file", "檔案名稱"}))
      ->required();
  command->add_option("-o,--output", wish->path, session.say({"the file", "檔案"}))
      ->required()
      ->type_name("FILE");
}

}  // namespace

void add_attest_commands(CLI::App& app, Session& session) {
  auto* group = add_command(
      app, session, "attest",
      {"What people answer for, with the files that show it", "人工聲明：由負責人確認並附佐證檔案"},
      {});
  group->require_subcommand(1);
  add_add(*group, session);
  add_attach(*group, session);
  add_list(*group, session);
  add_record_show(*group, session, kAttestations,
                  {"One attestation with its files and history", "單一聲明、檔案與歷程"});
  add_fetch(*group, session);
  add_record_act(
      *group, session, kAttestations, "withdraw",
      {"It does not hold any more; it stays on record", "撤回不再成立的聲明；記錄仍予保留"});
}

}  // namespace assay::cli
