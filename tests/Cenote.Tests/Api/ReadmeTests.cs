using Cenote.Tests.Golden;

namespace Cenote.Tests.Api;

public class ReadmeTests
{
    [Fact]
    public void Snippets_of_the_readme_stand_in_a_sample_that_is_run()
    {
        string readme = File.ReadAllText(GoldenFile.InRepository("README.md")), tour = File.ReadAllText(GoldenFile.InRepository("samples/tour.cs"));
        string[] snippets = [.. readme.Split("```csharp\n")[1..].Select(rest => rest.Split("```")[0])];
        Assert.NotEmpty(snippets);
        Assert.All(snippets, snippet => Assert.Contains(snippet.TrimEnd(), tour));
    }
}
