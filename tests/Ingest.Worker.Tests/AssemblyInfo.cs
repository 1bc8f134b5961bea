[assembly: Parallelizable(ParallelScope.Fixtures)]
// Many wait for a program or for a moment to pass: meanwhile two cores have room for others.
[assembly: LevelOfParallelism(4)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
