package office

// What the freeze, the close and the publication call inside their
// transactions.
var (
	InsertIssuers     = insertIssuers
	DestroyIssuers    = destroyIssuers
	DestroyRecoveries = destroyRecoveries
	ShuffleRights     = shuffleRights
	BallotProjects    = ballotProjects
	SettleProjects    = settleProjects
	UndecidedIn       = undecided
)
