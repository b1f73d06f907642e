#include <algorithm>
#include <set>

#include "collector/api/pack/pack_sheets.h"
#include "collector/api/past_host.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

Result<PackHostFacts> host_facts(const Service& service, const Host& host, evidence::Seconds when) {
  auto then = host_at(service, host, when);
  if (!then) return fail(then.error());
  PackHostFacts facts{*then ? std::move((*then)->host) : host, {}, {}};
  if (!*then) return facts;
  facts.scanned_at = (*then)->scanned_at;
  facts.snapshot = std::move((*then)->snapshot);
  if (facts.snapshot && facts.snapshot->removed_at)
    return refuse(Code::kConflict,
                  {"the evidence of {} of then was removed when its time was over",
                   "{} 當時的證據已於保存期限屆滿後移除"},
                  facts.host.name);
  return facts;
}

// Those that were active: all, or the ones that are wished for, each of which must have been.
Status read_postures(const Service& service, const PackWish& wish, PackFacts* facts) {
  auto& postures = facts->postures;
  const auto read =
      each_posture(service, {wish.hosts, "", wish.as_of}, facts->terms, [&](HostPosture posture) {
        if (posture.host.state != HostState::kActive) return;
        for (std::size_t i = 0; i < posture.frameworks.size(); ++i)
          if (i != facts->index) posture.frameworks[i].controls = {};
        postures.push_back(std::move(posture));
      });
  if (!read) return read;
  const auto id_of = [](const HostPosture& posture) -> const std::string& {
    return posture.host.id;
  };
  std::ranges::sort(postures, {}, id_of);
  for (const auto& id : wish.hosts)
    if (!std::ranges::binary_search(postures, id, {}, id_of))
      return refuse(Code::kNotFound,
                    {"host {} was not active at that time", "主機 {} 當時並非使用中"}, id);
  for (const auto& posture : postures) facts->standing.add(posture.frameworks.at(facts->index));
  return {};
}

}  // namespace

Result<PackFacts> pack_facts(const Service& service, const PackWish& wish) {
  PackFacts facts;
  const auto& frameworks = service.content->frameworks;
  const auto found = std::ranges::find(frameworks, wish.framework, &checks::Framework::id);
  if (found == frameworks.end())
    return refuse(Code::kNotFound, {"no framework {}", "找不到規範 {}"}, wish.framework);
  facts.framework = &*found;
  facts.index = static_cast<std::size_t>(found - frameworks.begin());
  auto terms = posture_terms(service, wish.as_of);
  if (!terms) return fail(terms.error());
  facts.terms = std::move(*terms);
  if (auto read = read_postures(service, wish, &facts); !read) return fail(read.error());
  for (const auto& posture : facts.postures) {
    auto host = host_facts(service, posture.host, wish.as_of);
    if (!host) return fail(host.error());
    facts.hosts.push_back(std::move(*host));
  }
  AttestationFilter filter;
  filter.when = wish.as_of;
  filter.framework = wish.framework;
  auto read =
      for_each([&](const PageRequest& page) { return service.store.attestations(filter, page); },
               [&](Attestation& attestation) -> Status {
                 facts.attestations.push_back(std::move(attestation));
                 return {};
               });
  if (!read) return fail(read.error());
  return facts;
}

}  // namespace assay::collector::api
