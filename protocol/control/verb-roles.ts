// Who may ask what: the lists of roles in the table of verbs.
export const everyone = ['technician', 'reviewer', 'admin'] as const;
export const operators = ['technician', 'admin'] as const;
export const reviewers = ['reviewer', 'admin'] as const;
export const admins = ['admin'] as const;
