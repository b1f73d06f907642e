#include "checks/engine/workbench.h"

namespace assay::checks {

namespace {

// Some forty groups change from host to host; the rest is shared by hosts of one image.
constexpr std::size_t kMostGroupsKept = 8'192;

}  // namespace

const std::vector<evidence::Digest>& Workbench::keys(const Plan& plan, const Plan::Group& group,
                                                     const evidence::Digest& tables) {
  if (keys_.size() >= kMostGroupsKept) keys_.clear();
  auto& known = keys_[tables];
  if (!known.keys.empty() && known.group == group.identity) return known.keys;
  known = {group.identity, {}};
  for (const auto question : group.questions) known.keys.push_back(plan.key(question, tables));
  return known.keys;
}

std::map<std::string, TableSource::Entry, std::less<>>& Workbench::seen_by_all(
    const evidence::Digest& content, std::string_view today) {
  if (seen_of_.first != content || seen_of_.second != today) {
    seen_.clear();
    seen_of_ = {content, std::string(today)};
  }
  return seen_;
}

Status Workbench::open() {
  if (database_) return {};
  auto database = Database::open(keeps_statements_);
  if (!database) return fail(database.error());
  database_ = std::move(*database);
  return {};
}

Status Workbench::put(const std::string& name, const std::string& digest,
                      const std::function<Result<std::shared_ptr<const evidence::Table>>()>& load) {
  if (Status opened = open(); !opened) return opened;
  auto& shown = digests_[name];
  if (!shown.empty() && shown == digest) return {};
  auto table = load();
  if (!table) return fail(table.error().within(name));
  shown.clear();
  if (Status done = database_->show(std::move(*table)); !done) return done;
  shown = digest;
  return {};
}

bool Workbench::shows(const std::string& name, const std::string& digest) const {
  const auto shown = digests_.find(name);
  return shown != digests_.end() && shown->second == digest;
}

Status Workbench::set_parameters(const evidence::Header& header, const ParameterValues& values) {
  if (Status opened = open(); !opened) return opened;
  if (parameters_ == values && header_ == header) return {};
  auto table = std::make_shared<evidence::Table>(header);
  evidence::Row row;
  for (const auto& column : header.columns) {
    const auto value = values.find(column.name);
    row.push_back(value == values.end() ? evidence::Value() : value->second);
  }
  table->add_row(std::move(row));
  parameters_.reset();
  if (Status done = database_->show(std::move(table)); !done) return done;
  parameters_ = values;
  header_ = header;
  return {};
}

}  // namespace assay::checks
