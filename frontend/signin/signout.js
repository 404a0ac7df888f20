// Whoever pressed "sign out" in the service need not say so again. Without script the button does it.
const yes = document.getElementById('yes')
yes.form.requestSubmit(yes)
