#include "collector/evaluation/evaluator.h"

#include <numeric>
#include <utility>

#include "collector/evaluation/evaluation_batch.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

// An evaluation that another one overtook is done again this often.
constexpr int kTries = 3;

}  // namespace

Evaluator::Evaluator(Store& store, std::shared_ptr<const checks::Content> content,
                     std::function<evidence::Seconds()> now)
    : store_(store),
      now_(std::move(now)),
      asked_(std::make_shared<const Asked>(std::move(content))) {}

std::unique_ptr<checks::Workbench> Evaluator::Benches::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<checks::Workbench>();
  auto bench = std::move(idle_.back());
  idle_.pop_back();
  return bench;
}

void Evaluator::Benches::give_back(std::unique_ptr<checks::Workbench> bench) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(bench));
}

std::shared_ptr<const Asked> Evaluator::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

std::shared_ptr<const checks::Content> Evaluator::content() const {
  return asked()->content;
}

std::shared_ptr<RememberedResults> Evaluator::memory_since(std::int64_t removals) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(removals_, removals) != removals || !memory_)
    memory_ = std::make_shared<RememberedResults>();
  return memory_;
}

void Evaluator::set_content(std::shared_ptr<const checks::Content> content) {
  auto asked = std::make_shared<const Asked>(std::move(content));
  const std::lock_guard lock(mutex_);
  asked_ = std::move(asked);
}

std::string Evaluator::today() const {
  return evidence::to_date(now_());
}

EvaluationCounts Evaluator::counts() const {
  return {hosts_, unchanged_, results_};
}

Status Evaluator::evaluate(const std::string& host_id) {
  return std::move(evaluate_all({&host_id, 1}).front());
}

std::vector<Status> Evaluator::evaluate_all(std::span<const std::string> host_ids) {
  std::vector<Status> answers(host_ids.size());
  std::vector<std::size_t> left(host_ids.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  for (int i = 0; i < kTries && !left.empty(); ++i) {
    evaluate_once(host_ids, left, answers);
    std::erase_if(left, [&](std::size_t at) {
      return answers[at] || answers[at].error().code() != Code::kConflict;
    });
  }
  return answers;
}

void Evaluator::evaluate_once(std::span<const std::string> host_ids,
                              std::span<const std::size_t> places, std::vector<Status>& answers) {
  auto bench = benches_.take();
  const auto now = now_();
  EvaluationBatch batch(store_,
                        {asked(), evidence::to_date(now), now,
                         [this](std::int64_t removals) { return memory_since(removals); }},
                        *bench);
  std::vector<std::string> asked_for;
  for (const auto at : places) asked_for.push_back(host_ids[at]);
  auto hosts = store_.to_judge(asked_for);
  std::vector<std::size_t> judged;
  for (std::size_t i = 0; i < places.size(); ++i) {
    auto& answer = answers[places[i]];
    if (!hosts) {
      answer = fail(hosts.error());
    } else if (!(*hosts)[i]) {
      answer = refuse(Code::kNotFound, {"no host {}", "找不到主機 {}"}, asked_for[i]);
    } else {
      auto is_judged = batch.add(std::move(*(*hosts)[i]));
      answer = is_judged ? Status() : fail(is_judged.error());
      if (is_judged && *is_judged) judged.push_back(places[i]);
    }
  }
  auto done = batch.commit();
  benches_.give_back(std::move(bench));
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (!done) {
      answers[judged[i]] = fail(done.error());
      continue;
    }
    auto& one = (*done)[i];
    if (one.status) {
      ++hosts_;
      unchanged_ += one.is_unchanged ? 1 : 0;
      results_ += one.evaluated;
    }
    answers[judged[i]] = std::move(one.status);
  }
}

}  // namespace assay::collector
