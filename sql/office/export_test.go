package office

import "strings"

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

// PersonalColumns are the columns listed of each table.
func PersonalColumns() map[string][]string {
	listed := map[string][]string{}
	for _, h := range holdings {
		listed[h.table] = strings.Fields(h.given + " " + h.others)
	}
	for table, columns := range impersonal {
		listed[table] = strings.Fields(columns)
	}
	return listed
}
