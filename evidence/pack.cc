#include "evidence/pack.h"

#include <algorithm>

#include "evidence/host_id.h"
#include "evidence/json_line.h"
#include "evidence/limits.h"
#include "evidence/tar.h"

namespace assay::evidence {

namespace {

std::unexpected<Error> bad(std::string_view why) {
  return fail(Code::kInvalidData, "pack.json: " + std::string(why));
}

Status check_meaning(const PackList& list) {
  if (list.since && *list.since > list.as_of) return bad("a period that ends before it begins");
  for (std::size_t i = 0; i < list.hosts.size(); ++i)
    if (!is_host_id(list.hosts[i].id) || (i > 0 && list.hosts[i - 1].id >= list.hosts[i].id))
      return bad("hosts that are not sorted, or one twice");
  for (std::size_t i = 1; i < list.files.size(); ++i)
    if (list.files[i - 1].name >= list.files[i].name)
      return bad("files that are not sorted, or one twice");
  return {};
}

// Begins the next line of a list.
void next_line(std::string& out, bool is_first) {
  out.append(is_first ? "\n" : ",\n");
}

void expect_next(JsonLineReader& in, bool is_first) {
  in.expect(is_first ? "\n" : ",\n");
}

}  // namespace

std::string to_text(const PackList& list) {
  JsonLineWriter out;
  out.open();
  out.text("assay", "pack/1");
  out.text("ledger", list.ledger);
  out.text("framework", list.framework);
  out.text("edition", list.edition);
  out.text("content", list.content.hex());
  if (list.since)
    out.text("since", to_timestamp(*list.since));
  else
    out.raw("since", "null");
  out.text("as_of", to_timestamp(list.as_of));
  out.raw("hosts", "[");
  for (std::size_t i = 0; i < list.hosts.size(); ++i) {
    next_line(out.out(), i == 0);
    out.open();
    out.text("id", list.hosts[i].id);
    out.digest("manifest", list.hosts[i].manifest);
    out.close();
  }
  out.out().append("]");
  out.raw("files", "[");
  for (std::size_t i = 0; i < list.files.size(); ++i) {
    next_line(out.out(), i == 0);
    out.open();
    out.text("name", list.files[i].name);
    out.number("bytes", list.files[i].bytes);
    out.text("sha256", list.files[i].digest.hex());
    out.close();
  }
  return std::move(out.out()) + "]}\n";
}

Result<PackList> pack_list_from(std::string_view text) {
  if (text.size() > kMaxPackListBytes) return fail(Code::kTooLarge, "pack.json: over 32 MiB");
  PackList list;
  JsonLineReader in(text);
  in.expect("{\"assay\":\"pack/1\",\"ledger\":");
  list.ledger = in.text();
  in.expect(",\"framework\":");
  list.framework = in.text();
  in.expect(",\"edition\":");
  list.edition = in.text();
  in.expect(",\"content\":");
  const auto content = in.digest();
  in.expect(",\"since\":");
  const bool is_period = in.next_is("\"");
  const auto since = from_timestamp(is_period ? in.text() : std::string());
  if (!is_period) in.expect("null");
  in.expect(",\"as_of\":");
  const auto as_of = from_timestamp(in.text());
  in.expect(",\"hosts\":[");
  while (in.ok() && !in.next_is("]")) {
    expect_next(in, list.hosts.empty());
    if (list.hosts.size() == kMaxPackHosts) return fail(Code::kTooLarge, "pack.json: many hosts");
    in.expect("{\"id\":");
    PackHost host{in.text(), {}};
    in.expect(",\"manifest\":");
    host.manifest = in.digest();
    in.expect("}");
    list.hosts.push_back(std::move(host));
  }
  in.expect("],\"files\":[");
  while (in.ok() && !in.next_is("]")) {
    expect_next(in, list.files.empty());
    if (list.files.size() == kMaxBundleEntries)
      return fail(Code::kTooLarge, "pack.json: over 100000 files");
    in.expect("{\"name\":");
    PackFile file{in.text(), 0, {}};
    in.expect(",\"bytes\":");
    file.bytes = in.number();
    in.expect(",\"sha256\":");
    const auto digest = in.digest();
    in.expect("}");
    if (digest) file.digest = *digest;
    list.files.push_back(std::move(file));
  }
  in.expect("]}\n");
  if (!in.ok() || !in.at_end() || !content || !as_of || (is_period && !since))
    return bad("not in the form in which it is written, byte " + std::to_string(in.position()));
  list.content = *content;
  if (is_period) list.since = *since;
  list.as_of = *as_of;
  if (auto meaning = check_meaning(list); !meaning) return fail(meaning.error());
  if (to_text(list) != text) return bad("not in the form in which it is written");
  return list;
}

bool is_pack(std::string_view archive) {
  const auto members = read_tar(archive);
  return members && std::ranges::find(*members, kPackList, &TarMember::name) != members->end();
}

}  // namespace assay::evidence
