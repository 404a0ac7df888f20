package office_test

import (
	"testing"

	"osbu/sql/office"
	"osbu/sql/testdb"
)

// What the program itself cannot get round, whatever it was made to say to the
// database.
func TestWalls(t *testing.T) {
	d := testdb.New(t, office.Migrations(), office.Role)
	t.Run("search paths", d.CheckSearchPaths)
	t.Run("functions of the owner", func(t *testing.T) {
		d.CheckDefiners(
			t,
			"analyze_staged()",
			"clear_staged()",
			"destroy_issuers(text)",
			"destroy_recoveries(text)",
			"forget_emails()",
			"forget_seats()",
			"name_author(bigint,bigint,text)",
			"shuffle_rights()",
		)
	})
	t.Run("shadows", func(t *testing.T) {
		d.CheckShadow(
			t,
			`CREATE TEMPORARY TABLE spent_right AS
			SELECT 'r1' AS round, 'main' AS paper, '\x01'::bytea AS person, 'online' AS channel`,
			"INSERT INTO public.recovery VALUES ('r1', 'main', '\\x01', '')",
			"recovery_has_right",
		)
	})
}
