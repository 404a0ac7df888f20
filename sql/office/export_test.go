package office

// What the freeze and the close call inside their transactions.
var (
	InsertIssuers  = insertIssuers
	DestroyIssuers = destroyIssuers
	ShuffleRights  = shuffleRights
	CountRights    = countRights
)
