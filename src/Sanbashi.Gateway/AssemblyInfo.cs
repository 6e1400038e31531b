using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sanbashi.Gateway.Tests")]
