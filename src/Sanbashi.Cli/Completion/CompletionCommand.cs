using System.CommandLine;

namespace Sanbashi.Cli.Completion;

/// <summary><c>sanbashi completion</c>: scripts that ask this program what fits, so that they never grow old and know services by name.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # bash completion for sanbashi. Add to ~/.bashrc: eval "$(sanbashi completion bash)"
        _sanbashi() {
          local word=${COMP_WORDS[COMP_CWORD]} line
          COMPREPLY=()
          while IFS= read -r line; do
            [[ $line == "$word"* && ( $line != -* || $word == -* ) ]] && COMPREPLY+=("$line")
          done < <("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
        }
        complete -o default -F _sanbashi sanbashi ./sanbashi
        """;

    private const string Zsh = """
        #compdef sanbashi
        # zsh completion for sanbashi. Add to ~/.zshrc (after compinit): eval "$(sanbashi completion zsh)"
        _sanbashi() {
          local -a suggestions
          suggestions=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          [[ $PREFIX == -* ]] || suggestions=("${(@)suggestions:#-*}")
          (( ${#suggestions} )) && compadd -- "${suggestions[@]}" || _files
        }
        compdef _sanbashi sanbashi
        """;

    private const string Fish = """
        # fish completion for sanbashi. Save as ~/.config/fish/completions/sanbashi.fish
        function __sanbashi_complete
            set -l line (commandline -cp)
            set -l word (commandline -ct)
            set -l found (sanbashi "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            string match -q -- '-*' "$word"; or set found (string match -v -- '-*' $found)
            set found (string match -r -- '^'(string escape --style=regex -- "$word")'.*' $found)
            if set -q found[1]
                printf '%s\n' $found
            else
                __fish_complete_path "$word"
            end
        end
        complete -c sanbashi -f -a '(__sanbashi_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a shell's completion script: eval \"$(sanbashi completion bash)\"") { shell };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command;
    }
}
