// assay query
#include <CLI/CLI.hpp>

#include "cli/commands/command.h"
#include "cli/views/views.h"

namespace assay::cli {

namespace {

struct Question {
  std::string sql;
  std::vector<std::string> hosts;
  std::vector<std::string> groups;
  std::string as_of;
  std::size_t limit = 1'000;
};

Result<Json> put(Remote& remote, const Question& question) {
  const auto as_of = moment_or_none(question.as_of);
  if (!as_of) return fail(as_of.error());
  Json body = {{"sql", question.sql}, {"limit", question.limit}};
  if (!as_of->empty()) body["as-of"] = *as_of;
  if (!question.hosts.empty()) body["hosts"] = question.hosts;
  if (!question.groups.empty()) body["groups"] = question.groups;
  return remote.post({"query"}, body);
}

// "web-1, web-2, web-3 and 7 more"
std::string names_of(const Session& session, const Json& hosts) {
  constexpr std::size_t kMostNamed = 5;
  std::string names;
  for (std::size_t i = 0; i < std::min(hosts.size(), kMostNamed); ++i)
    names += (i == 0 ? "" : session.say({", ", "、"})) + text_at(hosts[i], "name");
  if (hosts.size() > kMostNamed)
    names += session.say({" and ", " 等 "}) +
             std::to_string(session.language == Language::kEnglish ? hosts.size() - kMostNamed
                                                                   : hosts.size()) +
             session.say({" more", " 台"});
  return names;
}

// What an empty table must not hide: who could not be asked, whose answer is old, what is left out.
void note_gaps(const Session& session, const Json& answer) {
  const auto count = [&](const char* name) {
    const auto hosts = answer.find("hosts");
    return hosts == answer.end() ? std::string("0") : text_at(*hosts, name);
  };
  session.note(session.say({"hosts asked: ", "查詢主機數："}) + count("asked") +
               session.say({"; with rows: ", "；有符合資料："}) + count("with_rows") +
               session.say({"; without: ", "；無符合資料："}) + count("without_rows") +
               session.say({"; not answered: ", "；無法回答："}) + count("not_answered"));
  for (const auto& gap : array_at(answer, "not_answered"))
    session.note(session.say({"not answered: ", "無法回答："}) + text_at(gap, "reason") + " (" +
                 names_of(session, array_at(gap, "hosts")) + ")");
  if (const auto hosts = answer.find("hosts"); hosts != answer.end())
    if (const auto& stale = array_at(*hosts, "stale"); !stale.empty())
      session.note(session.say({"not heard of for a week or more, answered from their last scan: ",
                                "逾一週未回報，以最後一次掃描結果回答："}) +
                   names_of(session, stale));
  if (const auto cut = answer.find("is_cut"); cut != answer.end() && *cut == true)
    session.note(session.say(
        {"there are more rows than --limit allows", "資料列數超過 --limit 上限，其餘未列出"}));
}

}  // namespace

void add_query_command(CLI::App& app, Session& session) {
  const auto question = std::make_shared<Question>();
  auto* command =
      add_command(app, session, "query",
                  {"Which hosts have it: one SELECT over the tables of every host",
                   "以一句 SELECT 查詢所有主機的資料表，找出符合條件的主機"},
                  [&session, question] {
                    return session.ask([&](Remote& remote) { return put(remote, *question); },
                                       [&](Json answer, Language language) {
                                         note_gaps(session, answer);
                                         return query_view(std::move(answer), language);
                                       });
                  });
  command
      ->add_option("sql", question->sql,
                   session.say({"one SELECT; the tables are those of assay-agent tables",
                                "一句 SELECT；資料表見 assay-agent tables"}))
      ->required();
  command->add_option(
      "--host", question->hosts,
      session.say({"only this host; may be given several times", "僅限此主機；可重複指定"}));
  command->add_option("--group", question->groups,
                      session.say({"only hosts of this group; may be given several times",
                                   "僅限此群組的主機；可重複指定"}));
  command->add_option(
      "--as-of", question->as_of,
      session.say({"as of this moment: 2026-11-21, 7d", "指定時間點的狀態：2026-11-21、7d"}));
  command
      ->add_option("--limit", question->limit, session.say({"rows at most", "最多列出的資料列數"}))
      ->check(CLI::Range(std::size_t{1}, std::size_t{10'000}));
}

}  // namespace assay::cli
