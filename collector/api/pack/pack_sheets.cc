#include "collector/api/pack/pack_sheets.h"

#include <algorithm>
#include <iterator>

#include "collector/api/present.h"
#include "collector/api/records.h"
#include "collector/store/finding_order.h"

namespace assay::collector::api {

namespace {

using Row = std::vector<Json>;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out.append(out.empty() ? "" : "; ").append(word);
  return out;
}

Json part_in_percent(std::optional<double> part) {
  if (!part) return nullptr;
  // Thousandths, so that no two programs write it in two ways.
  return static_cast<std::int64_t>(*part * 1000 + 0.5);
}

std::string ids_of(const std::vector<const Waiver*>& waivers) {
  std::vector<std::string> ids;
  for (const auto* waiver : waivers) ids.push_back(waiver->id);
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return joined(ids);
}

Sheet hosts_sheet(const PackFacts& facts) {
  Sheet sheet{"hosts",
              {"id", "name", "os", "profile", "enrolled_at", "scanned_at", "manifest", "stale",
               "groups", "score_permille", "coverage_permille"},
              {}};
  for (std::size_t i = 0; i < facts.hosts.size(); ++i) {
    const auto& [host, snapshot, scanned_at] = facts.hosts[i];
    const auto& posture = facts.postures[i];
    const auto& state = posture.frameworks.at(facts.index);
    sheet.rows.push_back({host.id, host.name, host.os, host.profile, to_json(host.enrolled_at),
                          to_json(scanned_at), snapshot ? Json(snapshot->digest.hex()) : Json(),
                          posture.is_stale, joined(posture.groups), part_in_percent(state.score),
                          part_in_percent(state.coverage)});
  }
  return sheet;
}

Sheet controls_sheet(const PackFacts& facts) {
  Sheet sheet{"controls",
              {"control", "title_en", "title_zh_tw", "mode", "state", "automated", "attested",
               "hosts", "checks", "reason", "not_addressed_en", "not_addressed_zh_tw", "remains_en",
               "remains_zh_tw"},
              {}};
  for (const auto& [worst, hosts] : facts.standing.controls()) {
    std::vector<std::string> counts;
    for (const auto& [state, count] : hosts)
      counts.push_back(std::string(checks::name_of(state)) + " " + std::to_string(count));
    const auto& control = *worst.control;
    sheet.rows.push_back({control.id, control.title.en, control.title.zh_tw,
                          checks::name_of(control.mode), checks::name_of(worst.state),
                          checks::name_of(worst.automated), worst.is_attested, joined(counts),
                          joined(worst.checks), worst.reason, worst.not_addressed.en,
                          worst.not_addressed.zh_tw, control.remains.en, control.remains.zh_tw});
  }
  return sheet;
}

Sheet controls_by_host_sheet(const PackFacts& facts) {
  Sheet sheet{
      "controls-by-host", {"host", "control", "state", "automated", "attested", "reason"}, {}};
  for (const auto& posture : facts.postures)
    for (const auto& state : posture.frameworks.at(facts.index).controls)
      sheet.rows.push_back({posture.host.id, state.control->id, checks::name_of(state.state),
                            checks::name_of(state.automated), state.is_attested, state.reason});
  return sheet;
}

class Verdicts {
 public:
  Verdicts(const Service& service, const PackWish& wish, const PackFacts& facts)
      : service_(service), wish_(wish), facts_(facts) {}

  // In force at the moment, those that pass as well.
  Result<Sheet> now() {
    VerdictFilter filter;
    filter.framework = wish_.framework;
    filter.as_of = wish_.as_of;
    Sheet sheet{"verdicts", columns(), {}};
    auto left = kMostAtOnce;
    for (const auto& host : facts_.hosts) {
      filter.host_id = host.host.id;
      auto read =
          for_each([&](const PageRequest& page) { return service_.store.verdicts(filter, page); },
                   [&](const VerdictInterval& interval) {
                     --left;
                     return add(interval, &sheet);
                   },
                   left);
      if (!read) return fail(read.error());
    }
    return sheet;
  }

  // All that were in force in the period, one behind the other.
  Result<Sheet> history() {
    Sheet sheet{"verdict-history", columns(), {}};
    for (const auto& host : facts_.hosts) {
      auto read = for_each(
          [&](const PageRequest& page) {
            return service_.store.verdicts_since(host.host.id, *wish_.since, page);
          },
          [&](VerdictInterval& interval) -> Status {
            const bool is_minded = std::ranges::find(interval.frameworks, wish_.framework) !=
                                   interval.frameworks.end();
            if (!is_minded || interval.since > wish_.as_of) return {};
            return add_row(interval, interval.state, "", &sheet);
          });
      if (!read) return fail(read.error());
    }
    std::ranges::sort(sheet.rows, {}, [](const Row& row) {
      return Json(row).dump(-1, ' ', false, Json::error_handler_t::replace);
    });
    return sheet;
  }

 private:
  static std::vector<std::string> columns() {
    return {"host",  "check",         "title_en",    "title_zh_tw", "severity",
            "state", "waivers",       "reason",      "parameters",  "since",
            "until", "result_sha256", "check_sha256"};
  }

  Status add(const VerdictInterval& interval, Sheet* sheet) {
    const auto verdict = verdict_of(interval, *service_.content);
    if (!verdict) return add_row(interval, interval.state, "", sheet);
    const auto parts = with_waivers(service_, facts_.terms.waivers, interval.host_id, interval,
                                    *verdict, wish_.as_of);
    if (!parts) return fail(parts.error());
    for (const auto& part : *parts) {
      const auto& minding = part.verdict.frameworks();
      if (std::ranges::find(minding, wish_.framework) == minding.end()) continue;
      if (auto done = add_row(interval, part.verdict.result->state, ids_of(part.waivers), sheet);
          !done)
        return done;
    }
    return {};
  }

  Status add_row(const VerdictInterval& interval, checks::State state, const std::string& waivers,
                 Sheet* sheet) {
    const auto* check = service_.content->check(interval.check_id);
    const auto until = interval.until && *interval.until <= wish_.as_of
                           ? interval.until
                           : std::optional<evidence::Seconds>();
    sheet->rows.push_back(
        {interval.host_id, interval.check_id, check ? Json(check->title.en) : Json(),
         check ? Json(check->title.zh_tw) : Json(),
         check ? Json(checks::name_of(check->severity)) : Json(), checks::name_of(state), waivers,
         interval.reason, interval.parameters, to_json(interval.since), to_json(until),
         interval.key.hex(), interval.check_digest.hex()});
    return {};
  }

  const Service& service_;
  const PackWish& wish_;
  const PackFacts& facts_;
};

Result<Sheet> findings_sheet(const Service& service, const PackWish& wish, const PackFacts& facts) {
  Sheet sheet{"findings",
              {"id", "host", "check", "severity", "state", "waivers", "first_seen", "key", "row"},
              {}};
  FindingFilter filter;
  filter.framework = wish.framework;
  filter.state = FindingState::kOpen;
  filter.as_of = wish.as_of;
  std::vector<Finding> findings;
  for (const auto& host : facts.hosts) {
    filter.host_id = host.host.id;
    auto its = service.findings(filter, kMostAtOnce - findings.size());
    if (!its) return fail(its.error());
    std::ranges::move(*its, std::back_inserter(findings));
  }
  std::ranges::sort(findings, {}, worst_first);
  for (const auto& finding : findings) {
    const auto cover = facts.terms.waivers.of_finding(finding, wish.framework);
    sheet.rows.push_back({finding.id.hex(), finding.host_id, finding.check_id,
                          checks::name_of(finding.severity), cover.is_whole ? "waived" : "open",
                          ids_of(cover.waivers), to_json(finding.first_seen), finding.key,
                          finding.row});
  }
  return sheet;
}

std::string history_of(const std::vector<WaiverAct>& acts, evidence::Seconds when) {
  std::vector<std::string> out;
  for (const auto& act : acts)
    if (act.at <= when)
      out.push_back(std::string(name_of(act.kind)) + " " + evidence::to_timestamp(act.at) + " " +
                    act.by.name + (act.note.empty() ? "" : ": " + act.note));
  return joined(out);
}

Result<Sheet> waivers_sheet(const Service& service, const PackWish& wish) {
  Sheet sheet{"waivers",
              {"id", "state", "check", "finding", "hosts", "groups", "frameworks", "reason",
               "measure", "requested_by", "requested_at", "until", "history"},
              {}};
  WaiverFilter filter;
  filter.when = wish.as_of;
  auto read =
      for_each([&](const PageRequest& page) { return service.store.waivers(filter, page); },
               [&](const Waiver& waiver) -> Status {
                 const auto& scope = waiver.scope;
                 if (!scope.frameworks.empty() &&
                     !std::ranges::binary_search(scope.frameworks, wish.framework))
                   return {};
                 sheet.rows.push_back(
                     {waiver.id, name_of(waiver.state_at(wish.as_of)), scope.check_id,
                      scope.finding ? Json(scope.finding->hex()) : Json(), joined(scope.hosts),
                      joined(scope.groups), joined(scope.frameworks), waiver.reason, waiver.measure,
                      waiver.requester.name, to_json(waiver.requested_at), waiver.until,
                      history_of(waiver.acts, wish.as_of)});
                 return {};
               });
  if (!read) return fail(read.error());
  return sheet;
}

Sheet attestations_sheet(const PackWish& wish, const PackFacts& facts) {
  Sheet sheet{"attestations",
              {"id", "state", "control", "edition", "hosts", "groups", "statement", "owner",
               "attested_on", "until", "recorded_by", "recorded_at", "files", "history"},
              {}};
  for (const auto& attestation : facts.attestations) {
    std::vector<std::string> files;
    for (const auto& file : attestation.files)
      if (file.at <= wish.as_of) files.push_back(file.name + " (files/" + file.digest.hex() + ")");
    std::vector<std::string> history;
    for (const auto& act : attestation.acts)
      if (act.at <= wish.as_of)
        history.push_back(std::string(name_of(act.kind)) + " " + evidence::to_timestamp(act.at) +
                          " " + act.by.name + (act.note.empty() ? "" : ": " + act.note));
    sheet.rows.push_back({attestation.id, name_of(attestation.state_at(wish.as_of)),
                          attestation.control, attestation.edition, joined(attestation.hosts),
                          joined(attestation.groups), attestation.statement, attestation.owner,
                          attestation.attested_on, attestation.until, attestation.recorder.name,
                          to_json(attestation.recorded_at), joined(files), joined(history)});
  }
  return sheet;
}

}  // namespace

Result<std::vector<Sheet>> sheets_of(const Service& service, const PackWish& wish,
                                     const PackFacts& facts) {
  std::vector<Sheet> sheets{hosts_sheet(facts), controls_sheet(facts),
                            controls_by_host_sheet(facts), attestations_sheet(wish, facts)};
  Verdicts verdicts(service, wish, facts);
  std::vector<Result<Sheet>> read;
  read.push_back(verdicts.now());
  if (wish.since) read.push_back(verdicts.history());
  read.push_back(findings_sheet(service, wish, facts));
  read.push_back(waivers_sheet(service, wish));
  for (auto& sheet : read) {
    if (!sheet) return fail(sheet.error());
    sheets.push_back(std::move(*sheet));
  }
  return sheets;
}

}  // namespace assay::collector::api
