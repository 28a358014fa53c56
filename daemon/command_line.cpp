#include "command_line.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <map>

#include "commands/commands.hpp"
#include "failure.hpp"

namespace nlwatch {

namespace {

using Command = std::function<int()>;

void add_globs(CLI::App& command, const char* names, std::vector<std::string>& patterns, const char* what,
               const char* type = "GLOB") {
    command.add_option(names, patterns, what)->type_name(type)->allow_extra_args(false)->group("Filters");
}

void add_filters(CLI::App& command, ReaderOptions& reader) {
    const auto globs = [&](const char* names, std::vector<std::string>& patterns, const char* what) {
        add_globs(command, names, patterns, what);
    };
    globs("-i,--interface", reader.interfaces,
          "Interfaces by name; '!' in front excludes; may be repeated, as all filters");
    globs("--kind", reader.kinds, "Kinds of objects: link, address");
    globs("--link-kind", reader.link_kinds, "Links by their kind: veth, bridge, …; none = hardware and lo");
    globs("-t,--type", reader.types, "Records by type: 'link.*', '*.removed'; events only, no snapshot");
    add_globs(command, "--transition", reader.transitions,
              "Records with this transition: state_down, usable, …; events only", "WORD");
}

void add_reader(CLI::App& command, ReaderOptions& reader) {
    add_filters(command, reader);
    command.add_flag_callback(
        "--snapshot", [&] { reader.snapshot = true; }, "Begin with all that is there");
    command.add_flag_callback(
        "--no-snapshot", [&] { reader.snapshot = false; }, "Do not");
    command.add_option("--limit", reader.limit, "End after this many records; 0 = after the snapshot");
}

void add_output(CLI::App& command, OutputOptions& output,
                const char* what = "short or json; by default short on a terminal, json in a pipe") {
    static const std::map<std::string, Format> formats{{"short", Format::text}, {"json", Format::json}};
    static const std::map<std::string, Colour> colours{
        {"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}};
    command.add_option("-o,--output", output.format, what)
        ->transform(CLI::CheckedTransformer(formats).description("short|json"))
        ->option_text("short|json");
    command.add_option("--color", output.colour, "auto, always or never; NO_COLOR is honoured")
        ->transform(CLI::CheckedTransformer(colours).description("auto|always|never"))
        ->option_text("auto|always|never");
}

void add_dir(CLI::App& command, std::string& dir) {
    command.add_option("--dir", dir, "Folder of the daemon's sockets")->type_name("DIR");
}

void add_run(CLI::App& app, commands::RunOptions& options, Command& chosen) {
    CLI::App* command = app.add_subcommand("run", "The daemon, in the foreground");
    command
        ->add_option("-c,--config", options.config_file,
                     "Configuration file; by default /etc/nlwatch/nlwatch.toml, if it is there")
        ->type_name("FILE");
    command->add_option("--dir", options.dir, "Folder of the sockets")->type_name("DIR");
    command->callback([&] { chosen = [&options] { return commands::run(options); }; });
}

void add_monitor(CLI::App& app, commands::MonitorOptions& options, Command& chosen) {
    CLI::App* command =
        app.add_subcommand("monitor", "Watch this machine and print; needs no daemon and no root");
    add_reader(*command, options.reader);
    add_output(*command, options.output);
    command->callback([&] { chosen = [&options] { return commands::monitor(options); }; });
}

void add_verify(CLI::App& app, commands::VerifyOptions& options, Command& chosen) {
    CLI::App* command = app.add_subcommand("verify", "Compare the daemon's stream with the kernel");
    add_dir(*command, options.dir);
    add_output(*command, options.output, "short or json; short if not said");
    command->callback([&] { chosen = [&options] { return commands::verify(options); }; });
}

void add_tail(CLI::App& app, commands::TailOptions& options, Command& chosen) {
    CLI::App* command = app.add_subcommand(
        "tail", "Print the daemon's stream; goes on where it was when the daemon comes back");
    add_dir(*command, options.dir);
    add_reader(*command, options.reader);
    command->add_option("--since", options.reader.since, "Go on behind this position, <run>:<seq>")
        ->type_name("POSITION");
    add_output(*command, options.output);
    command->callback([&] { chosen = [&options] { return commands::tail(options); }; });
}

void add_show(CLI::App& app, commands::ShowOptions& options, Command& chosen) {
    static const std::map<std::string, commands::Show> kinds{{"links", commands::Show::links},
                                                             {"addresses", commands::Show::addresses}};
    CLI::App* command = app.add_subcommand("show", "Print the links or the addresses that the daemon sees");
    command->add_option("what", options.what, "links or addresses")
        ->required()
        ->transform(CLI::CheckedTransformer(kinds).description("links|addresses"))
        ->option_text("links|addresses");
    add_dir(*command, options.dir);
    add_globs(*command, "-i,--interface", options.interfaces,
              "Interfaces by name; '!' in front excludes; may be repeated");
    add_globs(*command, "--link-kind", options.link_kinds,
              "Links by their kind: veth, bridge, …; none = hardware and lo");
    add_output(*command, options.output, "short or json; short if not said");
    command->callback([&] { chosen = [&options] { return commands::show(options); }; });
}

void add_status(CLI::App& app, commands::StatusOptions& options, Command& chosen) {
    CLI::App* command = app.add_subcommand("status", "Say what the daemon follows, and how it does");
    add_dir(*command, options.dir);
    add_output(*command, options.output, "short or json; short if not said");
    command->callback([&] { chosen = [&options] { return commands::status(options); }; });
}

void add_wait(CLI::App& app, commands::WaitOptions& options, Command& chosen) {
    CLI::App* command = app.add_subcommand("wait", "Wait until something is true of an interface");
    command
        ->add_option("condition", options.condition,
                     "An interface (a glob: any that matches) and words: 'eth0 usable', 'eth* carrier', "
                     "'eth0 up usable'. Words: present, gone, up, down, carrier, usable (it has a usable "
                     "address, no link-local one)")
        ->required()
        ->type_name("CONDITION");
    command->add_option("--timeout", options.timeout, "Give up after so long, with exit code 124: 30s, 5min")
        ->type_name("DURATION");
    add_dir(*command, options.dir);
    command->callback([&] { chosen = [&options] { return commands::wait(options); }; });
}

void add_reload(CLI::App& app, commands::ReloadOptions& options, Command& chosen) {
    CLI::App* command = app.add_subcommand(
        "reload", "Have the daemon read its configuration again, and say what it made of it");
    add_dir(*command, options.dir);
    command->callback([&] { chosen = [&options] { return commands::reload(options); }; });
}

void add_sink(CLI::App& app, commands::SinkTestOptions& options, Command& chosen) {
    CLI::App* sink = app.add_subcommand("sink", "Try out a sink of the configuration");
    sink->require_subcommand(1);
    CLI::App* command = sink->add_subcommand(
        "test", "Send one signed event to a webhook's receiver, and say what it made of it");
    command->add_option("name", options.name, "The sink's name in the configuration")
        ->required()
        ->type_name("NAME");
    add_dir(*command, options.dir);
    add_output(*command, options.output, "short or json; short if not said");
    command->callback([&] { chosen = [&options] { return commands::sink_test(options); }; });
}

void add_check(CLI::App& app, commands::CheckOptions& options, Command& chosen) {
    CLI::App* command = app.add_subcommand("check", "Say what is wrong with a configuration file");
    command->add_option("file", options.file, "By default /etc/nlwatch/nlwatch.toml")->type_name("FILE");
    command->callback([&] { chosen = [&options] { return commands::check(options); }; });
}

void add_version(CLI::App& app, Command& chosen) {
    app.add_subcommand("version", "Print the version")->callback([&] { chosen = commands::version; });
}

}  // namespace

int run_command_line(int argc, char** argv) {
    CLI::App app{"nlwatch follows the kernel's links and addresses, and says what changed", "nlwatch"};
    app.require_subcommand(1);
    Command chosen;
    commands::RunOptions run;
    commands::MonitorOptions monitor;
    commands::VerifyOptions verify;
    commands::TailOptions tail;
    commands::ShowOptions show;
    commands::StatusOptions status;
    commands::WaitOptions wait;
    commands::ReloadOptions reload;
    commands::SinkTestOptions sink_test;
    commands::CheckOptions check;
    add_run(app, run, chosen);
    add_monitor(app, monitor, chosen);
    add_tail(app, tail, chosen);
    add_show(app, show, chosen);
    add_status(app, status, chosen);
    add_wait(app, wait, chosen);
    add_verify(app, verify, chosen);
    add_reload(app, reload, chosen);
    add_sink(app, sink_test, chosen);
    add_check(app, check, chosen);
    add_version(app, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exit_code::ok : exit_code::usage;
    }
    return chosen();
}

}  // namespace nlwatch
